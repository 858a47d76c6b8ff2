import { describe, expect, test } from 'vitest';
import { packetMs, sparingAudio } from './sparing-audio.ts';

const HEAD = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0'];
const MICROPHONE = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 9',
  'a=mid:0',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:9 G722/8000',
];
const CAMERA = ['m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:1', 'a=rtpmap:96 VP8/90000'];
const SCREEN_AUDIO = MICROPHONE.map((line) => (line === 'a=mid:0' ? 'a=mid:3' : line));

function sdpOf(...lines: readonly (readonly string[])[]): string {
  return lines
    .flat()
    .map((line) => `${line}\r\n`)
    .join('');
}

describe('sparingAudio', () => {
  test('sends next to nothing in silence, of the microphone alone', () => {
    const sdp = sdpOf(HEAD, MICROPHONE, CAMERA, SCREEN_AUDIO);
    const sparing = MICROPHONE.map((line) =>
      line.startsWith('a=fmtp') ? `${line};usedtx=1` : line,
    );
    expect(sparingAudio(sdp, 20)).toBe(sdpOf(HEAD, sparing, CAMERA, SCREEN_AUDIO));
  });

  test('sends longer packets, in the place of what was said of them', () => {
    const sdp = sdpOf(HEAD, MICROPHONE, ['a=ptime:20'], CAMERA);
    const sparing = MICROPHONE.map((line) =>
      line.startsWith('a=fmtp') ? `${line};usedtx=1` : line,
    );
    expect(sparingAudio(sdp, 60)).toBe(sdpOf(HEAD, sparing, ['a=ptime:60'], CAMERA));
  });

  test('sends none that are longer than the other side takes', () => {
    const sdp = sdpOf(HEAD, MICROPHONE, ['a=maxptime:40']);
    expect(sparingAudio(sdp, 60)).not.toContain('a=ptime');
    expect(sparingAudio(sdp, 40)).toContain('a=ptime:40\r\n');
  });

  test('says it of Opus, whatever its number, and where nothing was said of it', () => {
    const bare = MICROPHONE.filter((line) => !line.startsWith('a=fmtp'));
    expect(sparingAudio(sdpOf(HEAD, bare, CAMERA), 20)).toBe(
      sdpOf(HEAD, [...bare, 'a=fmtp:111 usedtx=1'], CAMERA),
    );
  });

  test.each([
    ['there is no audio', sdpOf(HEAD, CAMERA)],
    [
      'there is no Opus',
      sdpOf(
        HEAD,
        MICROPHONE.filter((line) => !line.includes('111 ')),
      ),
    ],
    ['it says so already', sparingAudio(sdpOf(HEAD, MICROPHONE), 20)],
    [
      'it wants none',
      sdpOf(HEAD, [...MICROPHONE, 'a=fmtp:111 usedtx=0'].slice(0, 3), ['a=fmtp:111 usedtx=0']),
    ],
    ['it is empty', ''],
  ])('leaves a description as it is where %s', (_, sdp) => {
    expect(sparingAudio(sdp, 20)).toBe(sdp);
  });
});

test('packets grow with the room', () => {
  expect([1, 3, 4, 5, 6, 15].map(packetMs)).toEqual([20, 20, 40, 40, 60, 60]);
});
