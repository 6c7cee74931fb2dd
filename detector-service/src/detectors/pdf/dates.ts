/** `D:YYYYMMDDHHmmSSOHH'mm'`, all behind the year optional (ISO 32000-2, 7.9.4). */
const DATE =
  /^(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:Z|([+-])(\d{2})'?(\d{2})?)?/;

/** A date of a document; null where the text is none. Without a zone it is taken as UTC. */
export function dateOf(text: string | null): Date | null {
  const match = DATE.exec(text?.trim() ?? '');
  if (!match) return null;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00'] = match;
  const [sign, hours = '00', minutes = '00'] = match.slice(7);
  const zone = sign ? `${sign}${hours}:${minutes}` : 'Z';
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(date.getTime()) ? null : date;
}
