/** What runs, as it was given out. */
export interface Release {
  /** SPDX. */
  readonly licence: string;
  /** The file (CycloneDX) that lists every library in it; null where it was not packed as a Debian package. */
  readonly billOfMaterials: string | null;
}
