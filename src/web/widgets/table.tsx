import type { ComponentChildren } from "preact";

export interface Column<Row> {
  readonly name: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Digits stand under digits. */
  readonly isNumber?: boolean;
  /** For the cells of this column; may depend on the row. */
  readonly class?: string | ((row: Row) => string);
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly rowClass?: (row: Row) => string;
  /** Shown instead of a table without rows. */
  readonly empty: string;
}

function cellClass<Row>({ isNumber = false, class: more = "" }: Column<Row>, row: Row): string {
  const own = typeof more === "string" ? more : more(row);
  return isNumber ? `number ${own}` : own;
}

/** Rows under named columns; the first column names the row. Where it is wider than its place it scrolls by itself, so
 *  that the page does not. */
export function Table<Row>({ label, columns, rows, keyOf, rowClass, empty }: TableProps<Row>) {
  if (rows.length === 0) return <p class="panel quiet">{empty}</p>;
  return (
    <div class="panel table-frame" tabIndex={0} role="group" aria-label={label}>
      <table class="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ name, title, isNumber = false }) => (
              <th scope="col" key={name} class={isNumber ? "number" : ""}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} data-row={keyOf(row)} class={rowClass?.(row) ?? ""}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th scope="row" key={column.name} class={cellClass(column, row)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.name} class={cellClass(column, row)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
