/** What a message is made of behind its marks. Elements are made of this and of nothing else. */
export type ChatInline =
  | { readonly kind: 'text'; readonly text: string }
  /** `target` is told beside words that do not say by themselves where they lead. */
  | {
      readonly kind: 'link';
      readonly href: string;
      readonly target: string | undefined;
      readonly children: readonly ChatInline[];
    }
  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly ChatInline[] }
  | { readonly kind: 'code'; readonly text: string };

export type ChatBlock =
  | { readonly kind: 'paragraph'; readonly children: readonly ChatInline[] }
  | { readonly kind: 'code-block'; readonly text: string }
  | { readonly kind: 'quote'; readonly children: readonly ChatBlock[] }
  | {
      readonly kind: 'list';
      /** The first number; undefined where it has bullets. */
      readonly start: number | undefined;
      readonly items: readonly (readonly ChatBlock[])[];
    };

/** Marks that could mean something: around words, before links, or where a line begins. */
const MARKS = /[*_`[\\]|^[ \t]*(?:>|[-+][ \t]|\d{1,9}[.)][ \t]|~~~)/mu;

/**
 * More marks than anyone types. Reading them takes a time that grows with their square, in every parser of
 * Markdown; a message of more is shown as it was written.
 */
const MARKS_MAX = 600;
const EACH_MARK = /[*_`[\]()\\<>~!-]/gu;

/** Whether a message is to be read for marks. Most have none, and cost nothing more. */
export function mayHaveMarks(text: string): boolean {
  return MARKS.test(text) && (text.match(EACH_MARK)?.length ?? 0) <= MARKS_MAX;
}
