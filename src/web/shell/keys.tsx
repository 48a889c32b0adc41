import { signal } from "@preact/signals";
import { shellWords } from "../i18n/shell.ts";
import { keysOn } from "../preferences.ts";
import { go } from "../router.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { entries } from "./navigation.tsx";

const isHelpOpen = signal(false);

/** Where keys are letters, not commands. */
function isTyping({ target }: KeyboardEvent): boolean {
  const element = target as HTMLElement | null;
  if (element === null || typeof element.closest !== "function") return false;
  return element.isContentEditable || element.closest("input, select, textarea, dialog") !== null;
}

function followKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (!keysOn.value || isTyping(event)) return;
  if (event.key === "?") {
    isHelpOpen.value = true;
    return;
  }
  const entry = entries.value.flat().find(({ key }) => key === event.key);
  if (entry === undefined) return;
  event.preventDefault();
  go(entry.href);
}

/** Single keys lead to the pages from anywhere. */
export function startKeys(): void {
  addEventListener("keydown", followKey);
}

/** Opens the list of keys. Single keys can be switched off there: WCAG 2.2, 2.1.4. */
export function KeysButton() {
  const { keys } = shellWords.value;
  return (
    <button
      type="button"
      aria-label={keys}
      title={keys}
      aria-haspopup="dialog"
      onClick={() => {
        isHelpOpen.value = true;
      }}
    >
      ?
    </button>
  );
}

export function KeysHelp() {
  const { keys, keysHint, showKeys, keysOn: label } = shellWords.value;
  if (!isHelpOpen.value) return null;
  const rows = entries.value.flat().filter(({ key }) => key !== null);
  return (
    <Dialog
      title={keys}
      onClose={() => {
        isHelpOpen.value = false;
      }}
    >
      <p class="quiet">{keysHint}</p>
      <dl class="keys">
        {[...rows, { href: "?", key: "?", text: showKeys }].map(({ href, key, text }) => (
          <div key={href}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={keysOn.value}
          onChange={({ currentTarget }) => {
            keysOn.value = currentTarget.checked;
          }}
        />
        {label}
      </label>
    </Dialog>
  );
}
