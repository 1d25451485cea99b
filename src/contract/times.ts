// Dates and times in the contract's form: ISO dates, and RFC 3339 date-times in UTC with microseconds. They stay text
// throughout, because a JS Date has milliseconds and PostgreSQL has microseconds.

const date = /^(\d{4})-(\d\d)-(\d\d)$/;
const dateTime =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+ -])(\d\d):(\d\d))$/;

/** Whether `text` is a calendar date from 0001-01-01 to 9999-12-31, written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  const parts = date.exec(text);
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  if (year === 0) return false;
  const time = new Date(Date.UTC(2000, month - 1, day));
  time.setUTCFullYear(year, month - 1, day);
  return time.getUTCFullYear() === year && time.getUTCMonth() === month - 1 && time.getUTCDate() === day;
}

/**
 * A date (as midnight UTC) or an RFC 3339 date-time as `YYYY-MM-DDTHH:MM:SS.ffffffZ`; null for any other text.
 * Fractions beyond microseconds are cut off. A space in place of the offset's sign reads as `+`: an unencoded plus in a
 * query string becomes a space.
 */
export function instant(text: string): string | null {
  if (isDate(text)) return `${text}T00:00:00.000000Z`;
  const parts = dateTime.exec(text);
  if (!parts || !isDate(parts[1]!)) return null;
  const [, day, hour, minute, second, fraction = '', zulu, sign, offsetHour, offsetMinute] = parts;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  if (zulu) return `${day}T${hour}:${minute}:${second}.${micros}Z`;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const utc = new Date(Date.parse(`${day}T${hour}:${minute}:${second}Z`) - offset * 60_000).toISOString();
  return /^\d{4}-/.test(utc) && !utc.startsWith('0000') ? `${utc.slice(0, 19)}.${micros}Z` : null;
}

/**
 * PostgreSQL's `2023-01-15 08:30:00.25+00` (session time zone UTC) as RFC 3339 text. Values outside the contract
 * (`infinity`, years BC or beyond 9999, written by hand) stay as PostgreSQL wrote them, so that it can read them again.
 */
export function rfc3339(postgres: string): string {
  if (!postgres.endsWith('+00') || postgres[4] !== '-') return postgres;
  return `${postgres.slice(0, 10)}T${postgres.slice(11, 19)}.${postgres.slice(20, -3).padEnd(6, '0')}Z`;
}
