import { createInterface } from "node:readline";

/** Longest line that is taken for a password. */
const LINE_LENGTH_MAX = 1000;

/** A password from the terminal, which shows nothing of it, or the first line of standard input where that is no terminal.
 *  Never from an argument: those stand in the shell's history and in the list of processes. Null at Ctrl-C and Ctrl-D. */
export function askPassword(question: string): Promise<string | null> {
  return process.stdin.isTTY ? askUnseen(question) : firstLine();
}

/** A line of text from the terminal, or the first of standard input where that is no terminal. Null at the end of it. */
export function askLine(question: string): Promise<string | null> {
  process.stderr.write(question);
  return firstLine();
}

async function firstLine(): Promise<string | null> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity }))
    return line.slice(0, LINE_LENGTH_MAX);
  return null;
}

const ENTER = "\r\n";
const GIVE_UP = "\u0003\u0004"; // Ctrl-C, Ctrl-D
const RUB_OUT = "\b\u007F";

function askUnseen(question: string): Promise<string | null> {
  const { stdin, stderr } = process;
  stdin.setRawMode(true); // before the question, so that nothing of a quick answer is shown
  stderr.write(question);
  stdin.setEncoding("utf8");
  return new Promise((resolve) => {
    let typed: string[] = [];
    const end = (answer: string | null): void => {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.off("data", take);
      stderr.write("\n");
      resolve(answer);
    };
    const take = (keys: string): void => {
      for (const key of keys) {
        if (ENTER.includes(key)) return end(typed.join(""));
        if (GIVE_UP.includes(key)) return end(null);
        typed = RUB_OUT.includes(key) ? typed.slice(0, -1) : [...typed, key].slice(0, LINE_LENGTH_MAX);
      }
    };
    stdin.on("data", take);
    stdin.resume();
  });
}
