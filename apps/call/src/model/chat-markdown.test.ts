import { describe, expect, it } from 'vitest';
import { readMarkdown } from './chat-markdown.ts';
import { mayHaveMarks, type ChatBlock, type ChatInline } from './chat-marks.ts';

/** A message as a line of text: `p(a b(c))`. */
function sketch(blocks: readonly ChatBlock[] | undefined): string | undefined {
  return blocks?.map(sketchBlock).join(' ');
}

function sketchBlock(block: ChatBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return `p(${sketchInlines(block.children)})`;
    case 'code-block':
      return `pre(${block.text})`;
    case 'quote':
      return `quote(${block.children.map(sketchBlock).join(' ')})`;
    case 'list':
      return `${block.start ?? 'ul'}[${block.items.map((item) => item.map(sketchBlock).join(' ')).join(' | ')}]`;
  }
}

function sketchInlines(inlines: readonly ChatInline[]): string {
  return inlines
    .map((inline) => {
      switch (inline.kind) {
        case 'text':
          return inline.text;
        case 'code':
          return `code(${inline.text})`;
        case 'link':
          return `a(${sketchInlines(inline.children)} => ${inline.href}${inline.target === undefined ? '' : ` told ${inline.target}`})`;
        default:
          return `${inline.kind === 'strong' ? 'b' : 'i'}(${sketchInlines(inline.children)})`;
      }
    })
    .join('');
}

describe('marks in a message', () => {
  it.each([
    ['a **b** and *c*', 'p(a b(b) and i(c))'],
    ['__b__ _i_ ***both***', 'p(b(b) i(i) i(b(both)))'],
    ['run `rm -rf *` now', 'p(run code(rm -rf *) now)'],
    ['```js\nlet a = 1 < 2;\n\n<b>\n```', 'pre(let a = 1 < 2;\n\n<b>)'],
    ['- a\n- **b**\n  - c', 'ul[p(a) | p(b(b)) ul[p(c)]]'],
    ['3. a\n4. b', '3[p(a) | p(b)]'],
    ['> said\n> so\n\nyes', 'quote(p(said\nso)) p(yes)'],
    ['one\ntwo *three*\n\nfour', 'p(one\ntwo i(three)) p(four)'],
    ['[docs](https://a.example/x)', 'p(a(docs => https://a.example/x told a.example))'],
    ['[Ann](mailto:ann@a.example)', 'p(a(Ann => mailto:ann@a.example told ann@a.example))'],
    [
      '*see* https://a.example/b_c_d*e*f.',
      'p(i(see) a(https://a.example/b_c_d*e*f => https://a.example/b_c_d*e*f).)',
    ],
    ['**https://a.example/x**', 'p(b(a(https://a.example/x => https://a.example/x)))'],
    ['\\*not\\* *but*', 'p(*not* i(but))'],
    ['[**b** `c`](https://a.example)', 'p(a(b(b) code(c) => https://a.example/ told a.example))'],
  ])('%j', (text, expected) => {
    expect(mayHaveMarks(text)).toBe(true);
    expect(sketch(readMarkdown(text))).toBe(expected);
  });

  it.each([
    ['# no heading *x*', 'p(# no heading i(x))'],
    ['a *x*\n# b\n---\n| c | d |\n| - | - |', 'p(a i(x)\n# b\n---\n| c | d |\n| - | - |)'],
    ['a *x*\n===', 'p(a i(x)\n===)'],
    ['    four blanks *x*', 'p(    four blanks i(x))'],
    ['&lt;b&gt; &#106; *x*', 'p(&lt;b&gt; &#106; i(x))'],
    ['<b>a</b> *x* <img src=x onerror=alert(1)>', 'p(<b>a</b> i(x) <img src=x onerror=alert(1)>)'],
    ['<div>\n*x*\n</div>', 'p(<div>\ni(x)\n</div>)'],
    [
      '![a](https://a.example/p.png) *x*',
      'p(!a(a => https://a.example/p.png told a.example) i(x))',
    ],
    [
      '[a]: https://a.example\n[a] *x*',
      'p([a]: a(https://a.example => https://a.example/)\n[a] i(x))',
    ],
    ['<https://a.example> *x*', 'p(<a(https://a.example => https://a.example/)> i(x))'],
    ['[ ] *x*', 'p([ ] i(x))'],
    ['- [x] done', 'ul[p([x] done)]'],
    ['~~gone~~ *x*', 'p(~~gone~~ i(x))'],
  ])('has nothing but the marks of a chat: %j', (text, expected) => {
    expect(sketch(readMarkdown(text))).toBe(expected);
  });

  it.each([
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](java\tscript:alert(1))',
    '[a](&#106;avascript:alert(1))',
    '[a](<javascript:alert(1)>)',
    '[a](data:text/html,x)',
    '[a](vbscript:x)',
    '[a](blob:https://a.example/x)',
    '[a](file:///etc/passwd)',
    '[a](//evil.example)',
    '[a](/path)',
    '[a](#top)',
    '[a](https://bank.example@evil.example)',
    '[a](mailto:a@b.example,c@d.example)',
    '[a](mailto:?bcc=all@b.example)',
    '[](https://a.example)',
  ])('makes no link of %j', (text) => {
    const read = readMarkdown(`${text} *x*`);
    expect(sketch(read)).not.toContain('told');
  });

  it('tells where words lead that say something else', () => {
    expect(sketch(readMarkdown('[https://bank.example](https://evil.example/a)'))).toBe(
      'p(a(https://bank.example => https://evil.example/a told evil.example))',
    );
    expect(sketch(readMarkdown('[a](https://\u0430pple.example)'))).toBe(
      'p(a(a => https://xn--pple-43d.example/ told xn--pple-43d.example))',
    );
    expect(sketch(readMarkdown('[a](mailto:a@b.example?subject=x&bcc=c@d.example)'))).toBe(
      'p(a(a => mailto:a@b.example told a@b.example))',
    );
  });

  it.each([
    '2 * 3 * 4',
    'snake_case_name',
    '-',
    '>',
    '```',
    '- ',
    '* * *',
    '[x]',
    '5 > 3',
    '**',
    '',
  ])('leaves %j as it was written', (text) => {
    expect(readMarkdown(text)).toBeUndefined();
  });

  it.each(['Hello there!', 'a-b', '1.5 m', 'see https://a.example/x-y', 'well - yes', 'a > b'])(
    'does not even look into %j',
    (text) => {
      expect(mayHaveMarks(text)).toBe(false);
    },
  );

  it.each([
    '> '.repeat(300),
    '- '.repeat(300),
    '*a '.repeat(600),
    '***a** '.repeat(120),
    '**a *b '.repeat(200),
    `${'['.repeat(300)}${']'.repeat(300)}`,
    '[a]('.repeat(200),
    `${'`'.repeat(300)}a`,
    '<a '.repeat(600),
    '[a](<b'.repeat(120),
    Array.from({ length: 120 }, (_, depth) => `${' '.repeat(depth)}- a`).join('\n'),
    `*a*${'a\n'.repeat(3_900)}`,
    `[a](https://a.example ${'"'.repeat(7_900)}`,
    `_${' '.repeat(7_900)}_`,
  ])('reads %.12j… at once', (text) => {
    const startMs = performance.now();
    if (mayHaveMarks(text)) readMarkdown(text);
    expect(performance.now() - startMs).toBeLessThan(400);
  });

  it('does not read a message of nothing but marks', () => {
    expect(mayHaveMarks('***a** '.repeat(1_000))).toBe(false);
  });
});
