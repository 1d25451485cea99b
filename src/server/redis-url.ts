// Where Redis is: one server, the primary that Sentinels name, or a cluster.

interface Place {
  host: string;
  port: number;
}

interface Several {
  nodes: Place[];
  username?: string;
  password?: string;
  tls: boolean;
}

export type RedisPlace =
  | { kind: 'one'; url: string }
  /** `name`: the primary's name in the Sentinels. User and password are those of Redis, not of the Sentinels. */
  | ({ kind: 'sentinel'; name: string; database: number } & Several)
  | ({ kind: 'cluster' } & Several);

/** The forms that REDIS_URL takes, for messages. */
export const redisUrlForms =
  'redis://[user:password@]host[:port][/number], redis+sentinel://[user:password@]host[:port],…/name[/number], redis+cluster://[user:password@]host[:port],…, each also with rediss';

const several =
  /^redis(?<tls>s?)\+(?<kind>sentinel|cluster):\/\/(?:(?<login>[^@/]*)@)?(?<hosts>[^@/]+)(?:\/(?<name>[^/?#]*))?(?:\/(?<database>\d+))?\/?$/;
/** The port is optional; an IPv6 address has brackets. */
const host = /^(?:\[(?<v6>[\da-f:.]+)\]|(?<name>[\w.-]+))(?::(?<port>\d{1,5}))?$/i;

/** The place that a text names; null if it names none. */
export function readRedisUrl(text: string): RedisPlace | null {
  const { tls, kind, login, hosts, name, database } = several.exec(text)?.groups ?? {};
  if (kind === undefined) return isUrlOfOne(text) ? { kind: 'one', url: text } : null;
  const nodes = hosts!.split(',').map((each) => placeOf(each, kind === 'sentinel' ? 26_379 : 6379));
  const found = nodes.filter((each) => each !== null);
  if (found.length < nodes.length || (kind === 'sentinel') === !name) return null;
  const [username, password] = (login?.split(':') ?? []).map((part) => decoded(part) || undefined);
  const where = { nodes: found, username, password, tls: tls === 's' };
  if (kind === 'cluster') return database === undefined ? { kind, ...where } : null;
  return { kind: 'sentinel', name: decoded(name!), database: Number(database ?? 0), ...where };
}

function isUrlOfOne(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^(\/\d*)?$/.test(url.pathname)
  );
}

function placeOf(text: string, usual: number): Place | null {
  const { v6, name, port = String(usual) } = host.exec(text)?.groups ?? {};
  const found = v6 ?? name;
  return found !== undefined && Number(port) <= 65_535 ? { host: found, port: Number(port) } : null;
}

/** Percent-decodes a text; an invalid encoding stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
