/**
 * Text from other people, made fit to be shown: what cannot be seen but changes what is seen goes. Applied where
 * text enters the model, so that no view has to think of it.
 */

/**
 * More marks on one letter than any script needs; behind that they only climb over their neighbours. Tibetan
 * and Burmese stacks take four, Hebrew with its accents three.
 */
const MARKS_MAX = 4;

/** Joiners (U+200C, U+200D) do not end a pile of marks, or they would begin a new one. */
const PILED_MARKS = new RegExp(
  String.raw`((?:[\p{Mn}\p{Me}][\u200c\u200d]*){${MARKS_MAX}})[\p{Mn}\p{Me}\u200c\u200d]+`,
  'gu',
);

/** A mark with nothing to stand on would land on whatever the page has before it. */
const BASELESS_MARKS = /(^|[\s\p{Cc}])[\p{Mn}\p{Me}]+/gu;

/** The flags of England, Scotland and Wales are spelt in tag characters, which else are a hiding place. */
const TAGGED_FLAG = String.raw`\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f}`;

/** The text or the emoji form of a character, and the forms of Han characters (U+E0100–E01EF). */
const VARIANT = String.raw`(?<=[^\s\p{M}\p{Cc}\p{Cf}])[\ufe0e\ufe0f]|(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}]`;

/** Between emoji, and within scripts that are written with them: not in Latin, Greek and Cyrillic. */
const JOINER = String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})|(?<=[\p{L}\p{M}])(?<![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])[\u200c\u200d](?=[\p{L}\p{M}])(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])`;

const KEPT = `${TAGGED_FLAG}|${VARIANT}|${JOINER}`;

/**
 * What is never seen: controls, formats (bidi controls among them), what Unicode lets fonts ignore (Hangul fillers,
 * stray variants), the blank of Braille, noncharacters, and halves of characters.
 */
const UNSEEN = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2028\u2029\u2800]`;

const UNSEEN_IN_LINE = new RegExp(`(${KEPT})|${UNSEEN}`, 'gu');

/**
 * In a letter also stand lines, tabs, soft hyphens and places to break (U+00AD, U+200B, U+2060), and marks of a
 * direction (U+200E, U+200F, U+061C). Those that turn or enclose what follows them do not.
 */
const UNSEEN_IN_LETTER = new RegExp(
  String.raw`(${KEPT}|[\n\t\u00ad\u200b\u2060\u200e\u200f\u061c])|${UNSEEN}`,
  'gu',
);

/** Something that leaves a trace on the screen. */
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Empty lines in a row that a letter may have; more push the others’ words off the screen. */
const EMPTY_LINES_MAX = 2;
const MANY_LINES = new RegExp(String.raw`\n(?:[ \t]*\n){${EMPTY_LINES_MAX + 1},}`, 'gu');

function boundMarks(text: string): string {
  return text.replace(BASELESS_MARKS, '$1').replace(PILED_MARKS, '$1');
}

/** One line, as for a name; a blank stands for what was unseen. Empty where there is nothing to see. */
export function cleanLine(text: string): string {
  const visible = text.replace(UNSEEN_IN_LINE, (_, kept: string | undefined) => kept ?? ' ');
  const oneLine = boundMarks(visible).replace(/\s+/gu, ' ').trim();
  return SEEN.test(oneLine) ? oneLine : '';
}

/** Lines as they were written, as for a message. Empty where there is nothing to see. */
export function cleanLetter(text: string): string {
  const lines = text.replace(/\r\n?|[\u2028\u2029\u0085]/gu, '\n');
  const visible = lines.replace(UNSEEN_IN_LETTER, (_, kept: string | undefined) => kept ?? '');
  const bounded = boundMarks(visible).replace(MANY_LINES, '\n'.repeat(EMPTY_LINES_MAX + 1));
  return SEEN.test(bounded) ? bounded.trim() : '';
}

/**
 * A name, or words of others, to stand in a sentence of ours: whatever their direction, they turn nothing else
 * around. It has been cleaned, so nothing in it ends the isolate (U+2068, U+2069; UAX 9).
 */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
