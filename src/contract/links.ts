/** The URL of an adjacent page: `url` without `page` and `cursor`, plus `name=value`. Other parameters stay as written. */
export function pageLink(url: string, name: 'page' | 'cursor', value: string | number): string {
  const hash = url.indexOf('#');
  const whole = hash < 0 ? url : url.slice(0, hash);
  const start = whole.indexOf('?');
  if (start < 0) return `${whole}?${name}=${value}`;
  const pairs = whole.slice(start + 1).split('&');
  const kept = pairs.filter((pair) => pair !== '' && !/^(page|cursor)(=|$)/.test(pair));
  return `${whole.slice(0, start)}?${[...kept, `${name}=${value}`].join('&')}`;
}
