/** Something that is measured of everyone who takes part, as `npm run bench -- ID`. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** How it is measured, for the page: Markdown, without a heading. */
  readonly method: string;
  /** In the order of tables; the first is whom the others are compared with. */
  readonly contestants: readonly Contestant[];
  /** In the order of tables. */
  readonly metrics: readonly Metric[];
  readonly aims: readonly Aim[];
  /** So many where `--runs` says nothing. */
  readonly runs: number;
  /** `programs`: browsers and the like, which are looked for (and may be installed) first. */
  readonly needs: 'nothing' | 'programs';
  /** Sets up what all runs share, such as a network. */
  readonly open: () => Promise<Stage>;
}

/** Whom a scenario compares. Names may differ between scenarios: one library may be there twice. */
export interface Contestant {
  readonly id: string;
  readonly title: string;
  /** Packages whose versions make the result. */
  readonly packages: readonly string[];
}

export interface Metric {
  readonly id: string;
  /** In words, for tables and plots: "first remote frame, page just loaded". */
  readonly what: string;
  readonly unit: Unit;
  readonly better: 'less' | 'more';
}

export type Unit = 'kB' | 'MB/s' | 'Mbit/s' | 'RTT' | '%' | 'fps' | 'count' | 'ms' | 'MB' | 'kB/s';

/** What a figure is to be. It is said on the page whether it is; a run never fails for it. */
export interface Aim {
  readonly metric: string;
  readonly contestant: string;
  /** The figure is that many times the other's, run by run; undefined for the figure itself. */
  readonly over?: string;
  readonly is: 'at least' | 'at most';
  readonly bound: number;
}

/** What a scenario is played on. */
export interface Stage {
  /**
   * Plays it once. Contestants take turns within each run.
   *
   * @param contestant the id of one of the scenario's
   * @param run counts from 0
   * @throws Error where it did not come about, which the report then says
   */
  readonly measure: (contestant: string, run: number) => Promise<Measured>;
  readonly close: () => Promise<void>;
}

export interface Measured {
  readonly values: Values;
  /** What the figures alone would not tell, for the page. */
  readonly note?: string;
}

/** By metric; null for what never came. A metric that says nothing of a contestant is left out. */
export type Values = Readonly<Record<string, number | null>>;
