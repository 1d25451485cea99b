/**
 * The URL of a neighbouring page: `url` with every parameter but `page` and `cursor`, and then `name=value`.
 * The other parameters stay as they were written.
 */
export function pageLink(url: string, name: 'page' | 'cursor', value: string | number): string {
  const [address = '', query = ''] = url.split('#', 1)[0]!.split(/\?(.*)/s);
  const kept = query.split('&').filter((pair) => pair !== '' && !/^(page|cursor)(=|$)/.test(pair));
  return `${address}?${[...kept, `${name}=${value}`].join('&')}`;
}
