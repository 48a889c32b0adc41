/** What we read of a CycloneDX bill of materials as npm writes it. */
export interface Bill {
  readonly components: readonly {
    readonly "bom-ref": string;
    readonly properties: readonly { readonly name: string }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const ONLY_TO_BUILD = "cdx:npm:package:development";

/** Of all that a lock file names, what is shipped: what the gateway loads, and what is built into its page, which the page's
 *  list of licences says by its headings. */
export function billOfShipped(everything: Bill, licencesOfPage: string): Bill {
  const headings = licencesOfPage.matchAll(/^## (?<name>\S+) - (?<version>\S+) \(/gmu);
  const inPage = new Set(Array.from(headings, ({ groups }) => `${groups?.["name"]}@${groups?.["version"]}`));
  const isShipped = ({ "bom-ref": ref, properties }: Bill["components"][number]): boolean =>
    inPage.has(ref) || properties.every(({ name }) => name !== ONLY_TO_BUILD);
  const left = everything.components.filter((one) => !isShipped(one));
  const isLeft = new Set(left.map((one) => one["bom-ref"]));
  return {
    ...everything,
    components: everything.components.filter(isShipped),
    dependencies: everything.dependencies
      .filter(({ ref }) => !isLeft.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => !isLeft.has(one)) })),
  };
}
