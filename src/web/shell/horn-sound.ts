import type { AlarmPriority } from "../../domain/alarm.ts";

/** A tone: when it begins and how long it is, s, and its pitch, Hz. */
type Tone = readonly [at: number, length: number, pitch: number];

/** Told apart by rhythm as well as pitch, and the graver the more urgent. Source: IEC 60601-1-8 for the idea that bursts
 *  carry the priority; EEMUA 191, 3rd ed., audible signals. */
const PATTERNS: Readonly<Record<AlarmPriority, readonly Tone[]>> = {
  1: [
    [0, 0.15, 880],
    [0.2, 0.15, 880],
    [0.4, 0.15, 1_175],
    [0.7, 0.15, 880],
    [0.9, 0.15, 1_175],
  ],
  2: [
    [0, 0.2, 660],
    [0.3, 0.2, 660],
  ],
  3: [[0, 0.3, 440]],
  4: [],
};
const EVERY_MS: Readonly<Record<AlarmPriority, number>> = { 1: 1_500, 2: 2_500, 3: 4_000, 4: 4_000 };
const LOUDNESS = 0.2;
/** Tones begin and end without a click, s. */
const EDGE = 0.01;

let context: AudioContext | null = null;
let timer: ReturnType<typeof setInterval> | null = null;
let sounding: AlarmPriority | null = null;

function audio(): AudioContext {
  context ??= new AudioContext();
  return context;
}

/** Browsers let nothing sound before somebody has touched the page. */
export function isSoundAllowed(): boolean {
  return context?.state === "running" || navigator.userActivation.hasBeenActive;
}

/** From a touch of the page: sound is allowed from now on. */
export async function wakeSound(): Promise<void> {
  await audio().resume();
}

function play(priority: AlarmPriority): void {
  if (!isSoundAllowed()) return;
  const { currentTime, destination } = audio();
  void audio().resume();
  for (const [at, length, pitch] of PATTERNS[priority]) {
    const [begin, end] = [currentTime + at, currentTime + at + length];
    const oscillator = new OscillatorNode(audio(), { frequency: pitch });
    const gain = new GainNode(audio(), { gain: 0 });
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(LOUDNESS, begin + EDGE);
    gain.gain.setValueAtTime(LOUDNESS, end - EDGE);
    gain.gain.linearRampToValueAtTime(0, end);
    oscillator.connect(gain).connect(destination);
    oscillator.start(begin);
    oscillator.stop(end);
  }
}

/** Sounds for this priority until it is stopped. */
export function soundHorn(priority: AlarmPriority): void {
  if (sounding === priority) return;
  stopHorn();
  sounding = priority;
  play(priority);
  timer = setInterval(() => play(priority), EVERY_MS[priority]);
}

export function stopHorn(): void {
  if (timer !== null) clearInterval(timer);
  timer = null;
  sounding = null;
}
