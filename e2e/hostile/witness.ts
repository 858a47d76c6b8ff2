import type { BrowserTab } from '../rig/tab.ts';

/** What text of others may become: these elements, with these attributes, and no more. */
const LETTER_ELEMENTS = [
  ...['DIV', 'P', 'BDI', 'TIME', 'SPAN', 'A', 'STRONG', 'EM', 'CODE', 'PRE'],
  ...['BLOCKQUOTE', 'UL', 'OL', 'LI'],
];
const LETTER_ATTRIBUTES = [
  ...['class', 'dir', 'data-own', 'data-hue', 'data-delivery', 'aria-hidden', 'aria-label'],
  ...['datetime', 'href', 'target', 'rel', 'start', 'tabindex'],
];

/** Elements that the app’s pages have none of, wherever they might come from. */
const NEVER = [
  ...['iframe', 'object', 'embed', 'base', 'form[action]', 'meta[http-equiv]', 'style', 'math'],
  ...[
    'template',
    'marquee',
    'portal',
    'details',
    'img',
    'audio[src]',
    'video[src]',
    'foreignObject',
  ],
  ...['[srcdoc]', '[formaction]', '[is]'],
];

/** Looks through a page for whatever text of others must not have become. */
export async function findIntruders(tab: BrowserTab): Promise<readonly string[]> {
  return await tab.evaluate(
    ({ elements, attributes, never }) => {
      const intruders: string[] = [];
      const tell = (what: string, element: Element): void => {
        intruders.push(`${what}: ${element.tagName} ${element.textContent.slice(0, 80)}`);
      };
      for (const element of document.querySelectorAll('[role="log"] *')) {
        if (!elements.includes(element.tagName)) tell('an element in the chat', element);
        for (const { name } of element.attributes) {
          if (!attributes.includes(name)) tell(`the attribute ${name} in the chat`, element);
        }
      }
      for (const link of document.querySelectorAll('[role="log"] a')) {
        const { protocol, username, password } = new URL(link.getAttribute('href') ?? '', 'x:');
        const safe =
          ['https:', 'http:', 'mailto:'].includes(protocol) && username + password === '';
        if (!safe) tell('a link to somewhere else', link);
        const alone = link.getAttribute('rel') === 'noopener noreferrer nofollow';
        if (!alone || link.getAttribute('target') !== '_blank') tell('a link that tells', link);
      }
      // Names have no elements in them, and push nothing out of sight.
      const names = '.tile-name, .person-name > bdi, .waiting-name, .chat-meta > bdi';
      for (const name of document.querySelectorAll(names)) {
        if (name.querySelector(':not(bdi)') !== null) tell('an element in a name', name);
      }
      for (const place of document.querySelectorAll('.panel-body, .chat-log')) {
        if (place.scrollWidth > place.clientWidth + 1) tell('a panel that is too narrow', place);
      }
      for (const selector of never) {
        for (const element of document.querySelectorAll(selector)) tell(selector, element);
      }
      for (const loaded of document.querySelectorAll('script, link')) {
        const address = loaded.getAttribute('src') ?? loaded.getAttribute('href') ?? 'none:';
        if (new URL(address, location.href).origin !== location.origin) tell('a load', loaded);
      }
      for (const element of document.querySelectorAll('*')) {
        for (const { name, value } of element.attributes) {
          if (name.startsWith('on')) tell(`the handler ${name}`, element);
          if (/^\s*(?:javascript|vbscript|data):/iu.test(value) && name !== 'aria-label') {
            tell(`the address ${value.slice(0, 40)}`, element);
          }
        }
      }
      const controls = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e]/u;
      if (controls.test(document.body.textContent)) intruders.push('a control in the text');
      if (/\p{Mn}{5}/u.test(document.body.textContent)) intruders.push('a pile of marks');
      if ('ran' in window && !(window.ran instanceof Element)) intruders.push('a script that ran');
      if (Object.hasOwn(Object.prototype, 'ran')) intruders.push('a prototype with more in it');
      return intruders;
    },
    { elements: LETTER_ELEMENTS, attributes: LETTER_ATTRIBUTES, never: NEVER },
  );
}

/** What browsers say of a machine without a sound card, and of a transport that lost the race or its page. */
const OF_THE_MACHINE =
  /AudioContext encountered an error|can.t establish a connection|was interrupted while the page/;

/** What a page did that it would not have done by itself. Violations are looked at behind each test. */
export async function misdeedsOf(tab: BrowserTab, appUrl: string): Promise<readonly string[]> {
  const { origin } = new URL(appUrl);
  const elsewhere = tab.requests.filter((address) => {
    const { origin: asked, protocol } = new URL(address);
    return asked !== origin && protocol !== 'data:' && protocol !== 'blob:';
  });
  return [
    ...(await findIntruders(tab)),
    ...tab.popups.map((popup) => `opened ${popup}`),
    ...tab.problems
      .filter((problem) => !OF_THE_MACHINE.test(problem))
      .map((problem) => `says ${problem}`),
    ...elsewhere.map((address) => `asked for ${address}`),
  ];
}
