import type { Reading, ReadingBatch } from "../../domain/batch.ts";
import type { MetricOutline, PublishedFigure } from "../../domain/metric.ts";
import type { Gap } from "../../domain/ports.ts";
import { Status } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Message as MqttMessage } from "../mqtt/messages.ts";
import { readingTime } from "../reading-time.ts";
import { createLedgers, isLost, isSilence } from "./device-ledger.ts";
import type { DeviceLedger } from "./device-ledger.ts";
import { FigureLedger } from "./figures.ts";
import { metricOf, TAG_ALIAS_FROM } from "./metric.ts";
import { DEVICES_ONLINE, lossMetrics, nodeMetrics } from "./node-metrics.ts";
import { DataWriter, encodeBirth, encodeDeviceDeath } from "./payload.ts";
import { TagImage } from "./tag-image.ts";
import type { Losses } from "./node-metrics.ts";
import type { Topics } from "./topics.ts";

/** At QoS 0, not retained. */
export type Message = MqttMessage<Uint8Array>;

export interface EdgeNodeOptions {
  readonly tags: readonly Tag[];
  readonly topics: Topics;
  /** Present state of a tag, where there is a process image; without it the last reading written counts. */
  readonly reading?: ((tagIndex: number) => Reading) | undefined;
  readonly outlines?: readonly MetricOutline[] | undefined;
}

/** Rows turned into messages at once; between two such parts a rebirth may come. */
const PART_ROWS_MAX = 2000;

/** A message stays well below what brokers and hosts bound. */
const METRICS_MAX = 500;
const TEXT_LETTERS_MAX = 65_536;

/** What the host is told: turns readings into messages in the one order that Sparkplug allows, with the one sequence of
 *  numbers 0…255 for the node and all its devices. Knows nothing of connections. */
export class EdgeNode {
  readonly #tags: readonly Tag[];
  readonly #topics: Topics;
  readonly #reading: ((tagIndex: number) => Reading) | undefined;
  readonly #image: TagImage;
  readonly #figures: FigureLedger;
  readonly #devices: readonly DeviceLedger[];
  /** By tag: its device. */
  readonly #deviceOf: readonly DeviceLedger[];
  #seq = 0;
  #devicesTold = 0;
  #losses: Losses = { readings: 0, last: null };

  constructor({ tags, topics, reading, outlines = [] }: EdgeNodeOptions) {
    this.#tags = tags;
    this.#topics = topics;
    this.#reading = reading;
    this.#image = new TagImage(tags.map(metricOf));
    this.#figures = new FigureLedger(outlines, TAG_ALIAS_FROM + tags.length);
    this.#devices = createLedgers(tags);
    const byTag = new Map(
      this.#devices.flatMap((device) => device.tags.map((tag) => [tag, device] as const)),
    );
    this.#deviceOf = tags.map(({ index }) => byTag.get(index) as DeviceLedger);
  }

  /** NBIRTH, then a DBIRTH for every device that is not known to be lost. Sequence numbers start again at 0. */
  births(bdSeq: number, now: EpochMs): Message[] {
    this.#seq = 0;
    this.#refresh(this.#tags.map(({ index }) => index));
    for (const device of this.#devices) device.isBorn = !isLost(device);
    this.#devicesTold = this.#devicesBorn();
    const own = nodeMetrics(bdSeq, this.#devicesTold, this.#losses, now);
    const metrics = [...own, ...this.#figures.born(now)];
    const births = [{ topic: this.#topics.nodeBirth, payload: encodeBirth(metrics, now, this.#nextSeq()) }];
    for (const device of this.#devices) if (device.isBorn) births.push(this.#deviceBirth(device, now));
    return births;
  }

  /** Data messages for rows `from` … `to`, with the births and deaths of devices that these bring about. Rows of history,
   *  and rows older than what the host knows, are marked historical and change nothing else. */
  data(batch: ReadingBatch, from: number, to: number, now: EpochMs): Message[] {
    const messages: Message[] = [];
    for (const [device, rows] of this.#rowsByDevice(batch, from, to))
      this.#deviceRows(device, batch, rows, now, messages);
    const devices = this.#devicesBorn();
    if (devices !== this.#devicesTold) {
      this.#devicesTold = devices;
      const writer = new DataWriter(now);
      writer.add(DEVICES_ONLINE, devices, Status.Good, now, false, false);
      messages.push({ topic: this.#topics.nodeData, payload: writer.finish(this.#nextSeq()) });
    }
    return messages;
  }

  /** Tells of readings that nobody will ever get; again, where it is uncertain whether that was heard. */
  gap(gap: Gap, now: EpochMs): Message[] {
    const { readings, last } = this.#losses;
    const isTold = last?.from === gap.from && last.to === gap.to && last.count === gap.count;
    if (!isTold) this.#losses = { readings: readings + gap.count, last: gap };
    const writer = new DataWriter(now);
    for (const { definition, value, status, time } of lossMetrics(this.#losses, now))
      writer.add(definition, value, status, time, false, false);
    return [{ topic: this.#topics.nodeData, payload: writer.finish(this.#nextSeq()) }];
  }

  figures(figures: readonly PublishedFigure[], now: EpochMs): Message[] {
    const writer = new DataWriter(now);
    this.#figures.add(figures, writer);
    return [{ topic: this.#topics.nodeData, payload: writer.finish(this.#nextSeq()) }];
  }

  #rowsByDevice(batch: ReadingBatch, from: number, to: number): Map<DeviceLedger, number[]> {
    const groups = new Map<DeviceLedger, number[]>();
    for (let row = from; row < to; row++) {
      const device = this.#deviceOf[batch.tag[row] as number];
      if (device === undefined)
        throw new RangeError(`A batch names tag ${batch.tag[row]}, which the plant does not have.`);
      const rows = groups.get(device);
      if (rows === undefined) groups.set(device, [row]);
      else rows.push(row);
    }
    return groups;
  }

  #deviceRows(
    device: DeviceLedger,
    batch: ReadingBatch,
    rows: number[],
    now: EpochMs,
    messages: Message[],
  ): void {
    sortByTime(rows, batch);
    if (!device.isBorn) {
      if (!rows.some((row) => this.#isWorthBirth(batch, row))) return this.#noteSilence(device, batch, rows);
      this.#refresh(device.tags);
      messages.push(this.#deviceBirth(device, now));
      device.isBorn = true;
    }
    this.#deviceData(device, batch, rows, now, messages);
    if (!isLost(device)) return;
    device.isBorn = false;
    const payload = encodeDeviceDeath(now, this.#nextSeq());
    messages.push({ topic: this.#topics.deviceDeath(device.id), payload });
  }

  /** A lost device is born again for a living value, and for history, which would be lost otherwise. */
  #isWorthBirth(batch: ReadingBatch, row: number): boolean {
    return this.#isHistory(batch, row) || !isSilence(batch.status[row] as StatusCode);
  }

  #isHistory(batch: ReadingBatch, row: number): boolean {
    return batch.isHistory || readingTime(batch, row) < this.#image.time(batch.tag[row] as number);
  }

  /** Its DDEATH has said already that nothing is heard of a lost device. */
  #noteSilence(device: DeviceLedger, batch: ReadingBatch, rows: readonly number[]): void {
    for (const row of rows)
      this.#note(
        device,
        batch.tag[row] as number,
        null,
        batch.status[row] as StatusCode,
        readingTime(batch, row),
      );
  }

  #deviceData(
    device: DeviceLedger,
    batch: ReadingBatch,
    rows: readonly number[],
    now: EpochMs,
    messages: Message[],
  ): void {
    const topic = this.#topics.deviceData(device.id);
    let writer = new DataWriter(now);
    let letters = 0;
    let metrics = 0;
    for (const row of rows) {
      if (metrics === METRICS_MAX || letters > TEXT_LETTERS_MAX) {
        messages.push({ topic, payload: writer.finish(this.#nextSeq()) });
        writer = new DataWriter(now);
        letters = 0;
        metrics = 0;
      }
      letters += this.#addRow(writer, device, batch, row);
      metrics++;
    }
    messages.push({ topic, payload: writer.finish(this.#nextSeq()) });
  }

  /** Returns the letters of a text. */
  #addRow(writer: DataWriter, device: DeviceLedger, batch: ReadingBatch, row: number): number {
    const tag = batch.tag[row] as number;
    const status = batch.status[row] as StatusCode;
    const time = readingTime(batch, row);
    const exact = batch.exact.size === 0 ? undefined : batch.exact.get(row);
    const value = this.#image.valueOf(tag, batch.value[row] as number, exact, status);
    const isHistory = this.#isHistory(batch, row);
    const tellsQuality = status !== Status.Good || this.#image.status(tag) !== Status.Good;
    writer.add(this.#image.metric(tag), value, status, time, isHistory, tellsQuality);
    if (!isHistory) this.#note(device, tag, value, status, time);
    return typeof value === "string" ? value.length : 0;
  }

  #note(
    device: DeviceLedger,
    tag: number,
    value: ReturnType<TagImage["valueOf"]>,
    status: StatusCode,
    time: EpochMs,
  ): void {
    device.silent += Number(isSilence(status)) - Number(isSilence(this.#image.status(tag)));
    this.#image.note(tag, value, status, time);
  }

  /** The process image may be ahead of what was written: those readings still wait in a queue. */
  #refresh(tags: readonly number[]): void {
    if (this.#reading === undefined) return;
    for (const tag of tags) {
      const { value, status, sourceTime, receivedTime } = this.#reading(tag);
      const time = Math.round(sourceTime >= 0 ? sourceTime : receivedTime);
      const isNewer = time > this.#image.time(tag); // false for a tag that was never read: its time is NaN
      if (!isNewer) continue;
      const exact = typeof value === "bigint" || typeof value === "string" ? value : undefined;
      const number = typeof value === "string" || value === null ? NaN : Number(value);
      this.#note(
        this.#deviceOf[tag] as DeviceLedger,
        tag,
        this.#image.valueOf(tag, number, exact, status),
        status,
        time,
      );
    }
  }

  #deviceBirth({ id, tags }: DeviceLedger, now: EpochMs): Message {
    const metrics = tags.map((tag) => this.#image.born(tag, now)).sort((a, b) => a.time - b.time);
    return { topic: this.#topics.deviceBirth(id), payload: encodeBirth(metrics, now, this.#nextSeq()) };
  }

  #devicesBorn(): number {
    return this.#devices.reduce((count, { isBorn }) => count + Number(isBorn), 0);
  }

  #nextSeq(): number {
    const seq = this.#seq;
    this.#seq = (seq + 1) & 0xff;
    return seq;
  }
}

/** The metrics of a message are in order of time; most batches come in order already. */
function sortByTime(rows: number[], batch: ReadingBatch): void {
  let isSorted = true;
  for (let at = 1; at < rows.length && isSorted; at++)
    isSorted = readingTime(batch, rows[at - 1] as number) <= readingTime(batch, rows[at] as number);
  if (!isSorted) rows.sort((a, b) => readingTime(batch, a) - readingTime(batch, b));
}

/** A batch in parts that are sent one by one. */
export function* partsOf({ length }: ReadingBatch): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < length; from += PART_ROWS_MAX)
    yield [from, Math.min(length, from + PART_ROWS_MAX)];
}
