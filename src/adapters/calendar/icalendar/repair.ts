/** An unquoted value may hold no colon (RFC 5545 section 3.1), but Exchange writes `TZID=tzone://Microsoft/Utc:20260105T170000`. */
const UNQUOTED_ZONE = /;TZID=(tzone:\/\/[^:;"\r\n]+)(?=[:;])/gi;

/** A calendar's text with what programs are known to write wrong put right. */
export const repaired = (text: string): string =>
  /tzone:/i.test(text) ? text.replaceAll(UNQUOTED_ZONE, ';TZID="$1"') : text;
