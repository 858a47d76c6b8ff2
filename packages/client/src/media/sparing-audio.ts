/** Up to so many receivers packets come in their usual time; each holds up what is said by that much. */
const RECEIVERS_FEW = 3;
const RECEIVERS_SOME = 5;

/**
 * How much speech one packet carries, in milliseconds. Fifty packets a second for each receiver are most of what a
 * call of many costs a machine, and a third of what audio costs the uplink: each has 60 bytes around its 80.
 */
export function packetMs(receivers: number): 20 | 40 | 60 {
  if (receivers <= RECEIVERS_FEW) return 20;
  return receivers <= RECEIVERS_SOME ? 40 : 60;
}

/**
 * The other side's description, changed so that the browser sends its microphone sparingly: some packets a second while
 * nobody speaks (DTX, RFC 7587 section 3.1.3), and longer ones (`ptime`, RFC 8866 section 6.4). What is sent follows
 * from the description of who receives it, so it is that one that says so, to this browser alone.
 *
 * @param sdp whose first audio section is the microphone (SPEC.md, NEG2)
 * @returns the same where that has no Opus
 */
export function sparingAudio(sdp: string, ms: 20 | 40 | 60): string {
  const sections = sdp.split(/(?=^m=)/m);
  const index = sections.findIndex((section) => section.startsWith('m=audio'));
  const section = sections[index];
  const type = section && /^a=rtpmap:(\d+) opus\//im.exec(section)?.[1];
  if (section === undefined || type === undefined) return sdp;
  const isLong = ms > 20 && ms <= Number(/^a=maxptime:(\d+)/m.exec(section)?.[1] ?? ms);
  sections[index] = withPacketMs(withDtx(section, type), isLong ? ms : undefined);
  return sections.join('');
}

function withDtx(section: string, type: string): string {
  const format = new RegExp(`^a=fmtp:${type} [^\r\n]*`, 'm').exec(section)?.[0];
  if (format === undefined) return appended(section, `a=fmtp:${type} usedtx=1`);
  return format.includes('usedtx=') ? section : section.replace(format, `${format};usedtx=1`);
}

function withPacketMs(section: string, ms: number | undefined): string {
  if (ms === undefined) return section;
  return appended(section.replace(/^a=ptime:[^\r\n]*\r\n/m, ''), `a=ptime:${ms}`);
}

function appended(section: string, line: string): string {
  return `${section}${line}\r\n`;
}
