import { formatNumber } from "../../format.ts";
import { balanceWords } from "../../i18n/balance.ts";
import { words } from "../../preferences.ts";
import { Sign } from "../../widgets/sign.tsx";
import type { BalanceAnswer, ClosureAnswer } from "./answers.ts";

function percent(value: number): string {
  return formatNumber(value, 2, words.value.locale);
}

function Closure({ closure }: { readonly closure: ClosureAnswer }) {
  const { wholePlant, closes, open, missing, [closure.of]: of } = balanceWords.value;
  const { title, percent: value, sd, missing: lacking } = closure;
  const isClosed = value === null || sd === null || Math.abs(value) <= 2 * sd;
  return (
    <tr data-closure={`${closure.node ?? "plant"} ${closure.of}`}>
      <th scope="row">{title ?? wholePlant}</th>
      <td>{of}</td>
      <td class="number">{value === null ? "–" : `${percent(value)} %`}</td>
      <td class="number">{sd === null ? "" : `± ${percent(2 * sd)} %`}</td>
      <td class={`wrap ${isClosed ? "quiet" : "abnormal"}`}>
        {value === null ? (
          missing(lacking.join(", "))
        ) : isClosed ? (
          closes
        ) : (
          <>
            <Sign kind="beware" /> {open}
          </>
        )}
      </td>
    </tr>
  );
}

function Test({ balance: { test } }: { readonly balance: BalanceAnswer }) {
  const { agree, disagree, untested } = balanceWords.value;
  if (test === null) return null;
  if (test.critical === 0) return <p>{untested}</p>; // no degree of freedom
  const say = test.rejected ? disagree : agree;
  return (
    <p class={test.rejected ? "abnormal" : ""}>{say(percent(test.statistic), percent(test.critical))}</p>
  );
}

function Suspects({ balance: { suspects, streams } }: { readonly balance: BalanceAnswer }) {
  const { suspect, alternatives, solids, water, gold } = balanceWords.value;
  const names = { solids, water, gold };
  const titleOf = (stream: string): string => streams.find((one) => one.stream === stream)?.title ?? stream;
  return (
    <>
      {suspects.map(({ stream, of, z, alternatives: others }) => (
        <p class="abnormal" key={`${stream} ${of}`}>
          <Sign kind="beware" /> {suspect(titleOf(stream), names[of], percent(z))}{" "}
          {others.length > 0 &&
            alternatives(others.map((one) => `${titleOf(one.stream)} (${names[one.of]})`).join(", "))}
        </p>
      ))}
    </>
  );
}

/** How far the raw numbers close, and whether they contradict each other. */
export function Closures({ balance }: { readonly balance: BalanceAnswer }) {
  const { closure, closureColumns } = balanceWords.value;
  const { where, what, difference, band, verdict } = closureColumns;
  return (
    <section>
      <h2>{closure}</h2>
      <div class="panel table-frame" tabIndex={0} role="group" aria-label={closure}>
        <table class="table" aria-label={closure}>
          <thead>
            <tr>
              <th scope="col">{where}</th>
              <th scope="col">{what}</th>
              <th scope="col" class="number">
                {difference}
              </th>
              <th scope="col" class="number">
                {band}
              </th>
              <th scope="col">{verdict}</th>
            </tr>
          </thead>
          <tbody>
            {balance.closures.map((one) => (
              <Closure key={`${one.node} ${one.of}`} closure={one} />
            ))}
          </tbody>
        </table>
      </div>
      <Test balance={balance} />
      <Suspects balance={balance} />
    </section>
  );
}
