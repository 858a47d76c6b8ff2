import type { Diagnosis } from 'peerline';
import { expect, test } from 'vitest';
import { Diagnoser } from './diagnoser.ts';
import { CHECKS } from './testing/fake-diagnosis.ts';
import { sessionRig, until } from './testing/fake-session.ts';

const idle = ({ busy }: { readonly busy: boolean }): boolean => !busy;

test('makes one diagnosis at a time, and keeps the last one meanwhile', async () => {
  const answers: ((diagnosis: Diagnosis) => void)[] = [];
  const diagnoser = new Diagnoser(() => new Promise((answer) => void answers.push(answer)));
  diagnoser.start();
  diagnoser.run();
  diagnoser.start();
  expect(answers).toHaveLength(1);
  expect(diagnoser.get()).toEqual({ busy: true, diagnosis: undefined });
  answers[0]?.(CHECKS.noturn);
  await until(diagnoser, idle);
  expect(diagnoser.get()).toEqual({ busy: false, diagnosis: CHECKS.noturn });
  diagnoser.start();
  expect(answers).toHaveLength(1);
  diagnoser.run();
  expect(diagnoser.get()).toEqual({ busy: true, diagnosis: CHECKS.noturn });
  answers[1]?.(CHECKS.fine);
  await until(diagnoser, idle);
  expect(diagnoser.get().diagnosis).toBe(CHECKS.fine);
});

test('says nothing where looking failed, and what comes too late is not shown', async () => {
  const answers: ((diagnosis: Diagnosis) => void)[] = [];
  const diagnoser = new Diagnoser(() => new Promise((answer) => void answers.push(answer)));
  diagnoser.run();
  diagnoser.stop();
  expect(diagnoser.get().busy).toBe(false);
  answers[0]?.(CHECKS.noturn);
  await Promise.resolve();
  expect(diagnoser.get().diagnosis).toBeUndefined();
  const failing = new Diagnoser(() => Promise.reject(new Error('made up')));
  failing.run();
  await until(failing, idle);
  expect(failing.get().diagnosis).toBeUndefined();
});

test('the lobby’s check never delays a join, and ends with it', async () => {
  const { session, sdk } = sessionRig();
  let ended = false;
  sdk.check = (signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        ended = true;
        reject(new Error('aborted'));
      });
    });
  session.check.start();
  expect(sdk.checks).toBe(1);
  await session.join('Ann');
  expect(session.state.get().status).toBe('in-call');
  expect(ended).toBe(true);
});

test('asking what is wrong opens the panel and looks anew', async () => {
  const { session, sdk } = sessionRig();
  await session.join('Ann');
  const state = session.state.get();
  const [room] = sdk.rooms;
  if (state.status !== 'in-call' || room === undefined) throw new Error('not in the call');
  room.diagnosis = CHECKS.noturn;
  state.call.showConnection();
  expect(state.call.view.get().panel).toBe('connection');
  await until(state.call.diagnoser, idle);
  expect(state.call.diagnoser.get().diagnosis).toBe(CHECKS.noturn);
});
