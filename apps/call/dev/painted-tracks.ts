import type { TrackFactory } from '../src/model/testing/fake-tracks.ts';

const WIDTH = 960;
const HEIGHT = 540;

/** Colours of the made-up rooms that the made-up people sit in. */
const ROOMS = [
  ['#f4d9b8', '#c98a5b', '#7b4a34'],
  ['#cfe3ea', '#6fa3b8', '#23485a'],
  ['#d9e6cf', '#86a86c', '#37502c'],
  ['#e9d6e6', '#b07aa8', '#5a2f55'],
  ['#efe6c9', '#c4a548', '#5d4a15'],
] as const;

function seedOf(label: string): number {
  let seed = 7;
  for (const character of label) seed = (seed * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return seed;
}

function paintPerson(context: CanvasRenderingContext2D, label: string, time: number): void {
  const seed = seedOf(label);
  const [light, mid, dark] = ROOMS[seed % ROOMS.length] ?? ROOMS[0];
  const wall = context.createLinearGradient(0, 0, WIDTH, HEIGHT);
  wall.addColorStop(0, light);
  wall.addColorStop(1, mid);
  context.fillStyle = wall;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = 'rgb(255 255 255 / 45%)';
  context.fillRect(90 + (seed % 120), 60, 170, 210);
  const sway = Math.sin(time / 900 + seed) * 10;
  const x = WIDTH / 2 + sway;
  context.fillStyle = dark;
  context.beginPath();
  context.ellipse(x, HEIGHT + 60, 250, 230, 0, 0, Math.PI * 2);
  context.fill();
  context.fillStyle = ['#f1c9a5', '#c68642', '#8d5524', '#e0ac69'][seed % 4] ?? '#f1c9a5';
  context.beginPath();
  context.ellipse(x, 245 + Math.cos(time / 1100 + seed) * 5, 92, 116, 0, 0, Math.PI * 2);
  context.fill();
  context.fillStyle = '#2a1b14';
  context.beginPath();
  context.ellipse(x, 175, 98, 66, 0, Math.PI, 0);
  context.fill();
}

function paintScreen(context: CanvasRenderingContext2D, label: string): void {
  context.fillStyle = '#fbfbf8';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = '#1d3557';
  context.fillRect(0, 0, WIDTH, 56);
  context.fillStyle = '#fff';
  context.font = '600 24px sans-serif';
  context.fillText(`Quarterly plan (${label})`, 28, 37);
  [180, 260, 220, 330, 290, 380].forEach((height, index) => {
    context.fillStyle = index === 5 ? '#0b7763' : '#b7cfc8';
    context.fillRect(90 + index * 136, HEIGHT - 60 - height, 84, height);
  });
}

/** Pictures painted on a canvas, so that a page without camera and network has people to show. */
export const paintedTracks: TrackFactory = {
  track(kind, label) {
    if (kind === 'audio') {
      const context = new AudioContext();
      const [track] = context.createMediaStreamDestination().stream.getAudioTracks();
      if (track === undefined) throw new Error('the browser made no audio track');
      return track;
    }
    const canvas = document.createElement('canvas');
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    const context = canvas.getContext('2d');
    const [track] = canvas.captureStream(15).getVideoTracks();
    if (context === null || track === undefined) throw new Error('the browser paints no video');
    const screen = label.includes('creen');
    const paint = (): void => {
      if (screen) paintScreen(context, label);
      else paintPerson(context, label, performance.now());
    };
    paint();
    setInterval(paint, 66);
    return track;
  },
  stream: (tracks) => new MediaStream([...tracks]),
};
