/** Characters that would split a topic level, act as a wildcard or end the connection [MQTT-4.7.1-1, MQTT-4.7.3-2],
 *  and the escape character itself, so that two different names never share a topic. */
// oxlint-disable-next-line no-control-regex -- control characters are exactly what must not pass
const UNSAFE = /[+#/%\u0000-\u001f\u007f-\u009f]/gu;

/** One level of a topic from a name: unsafe characters as %XX of their UTF-8 bytes, an empty name as "_". */
export function topicLevel(name: string): string {
  const safe = name.toWellFormed().replace(UNSAFE, (character) => percent(character));
  return safe === "" ? "_" : safe;
}

function percent(character: string): string {
  return Array.from(
    Buffer.from(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

/** `<group>/<plant>/…`. Topics that begin with $ belong to the broker [MQTT-4.7.2-1]. */
export function topic(...names: readonly string[]): string {
  const path = names.map(topicLevel).join("/");
  return path.startsWith("$") ? `%24${path.slice(1)}` : path;
}
