/** What a gateway says of something that it does not want. */
export interface Refusal {
  readonly sentence: string;
  /** Rows of what was sent that are wrong; empty when it does not say which. */
  readonly rows: ReadonlySet<number>;
}

const ANSWER_MAX_MS = 5_000;

/** Content that is wrong stays wrong. Any other failure may pass: no right to enter yet, another program on the port, a disk that
 *  is full. */
const WRONG_CONTENT: ReadonlySet<number> = new Set([400, 413, 415, 422]);

/** The way to a gateway: `headers` say who comes, where it asks for that. */
export interface Way {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The way of a program with this token; of anybody without one. */
export function wayWith(token: string | null, signal: AbortSignal): Way {
  return { headers: token === null ? {} : { authorization: `Bearer ${token}` }, signal };
}

/** Null when it was taken. Rejects when the gateway is away or cannot take it now. */
export async function hand(
  address: string,
  type: string,
  body: string,
  { headers, signal }: Way,
): Promise<Refusal | null> {
  const sent = { method: "POST", headers: { ...headers, "content-type": type }, body };
  const response = await within(signal, address, sent);
  const answer = (await response.json()) as { message?: string; faults?: readonly { row: number }[] };
  if (response.ok) return null;
  const sentence = answer.message ?? `status ${response.status}`;
  if (!WRONG_CONTENT.has(response.status)) throw new Error(sentence);
  return { sentence, rows: new Set(answer.faults?.map(({ row }) => row)) };
}

/** What the gateway answers at an address. Rejects when it is away or answers with a failure. */
export async function ask(address: string, { headers, signal }: Way): Promise<unknown> {
  const response = await within(signal, address, { headers });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

function within(signal: AbortSignal, address: string, init: RequestInit): Promise<Response> {
  return fetch(address, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MAX_MS)]) });
}
