/** The address of two answers side by side: each is the address of its own question. No DOM. */

export const COMPARE = '/compare';

/** Two addresses of answers, '' where there is none yet, as one. */
export function compareLink(left: string, right: string): string {
  const parts = [
    ['a', left],
    ['b', right],
  ].filter(([, link]) => link);
  const query = parts.map(([name, link]) => `${name}=${encodeURIComponent((link as string).replace(/^#/, ''))}`);
  return `#${COMPARE}${query.length ? `?${query.join('&')}` : ''}`;
}

/** The two addresses of such an address; '' where one is missing or leads elsewhere than to an answer. */
export function comparedOf(hash: string): [string, string] {
  const given = new URLSearchParams(/\?(.*)/.exec(hash)?.[1]?.replaceAll('+', '%2B') ?? '');
  const link = (name: string) => {
    const path = given.get(name) ?? '';
    return /^\/[a-z]+(\?|$)/.test(path) ? `#${path}` : '';
  };
  return [link('a'), link('b')];
}
