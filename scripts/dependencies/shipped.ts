/** What a production install of the detection service brings, on any platform. */
import { command } from '../lib/command.js';

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** As its author wrote it: an SPDX expression, or not. */
  readonly license?: string;
  /** Subresource integrity: `sha512-<base64>`. */
  readonly integrity?: string;
  /** Keys of the packages it needs itself. */
  readonly needs: readonly string[];
}

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, Listed>>;
}

const SERVICE = '@mediaguard/detector-service';

export const keyOf = ({ name, version }: Pick<ShippedPackage, 'name' | 'version'>): string =>
  `${name}@${version}`;

/** By key (`name@version`), the service itself first. Read from the lock file alone, by npm. */
export async function shippedPackages(): Promise<ReadonlyMap<string, ShippedPackage>> {
  const { stdout, stderr } = await command(process.platform === 'win32' ? 'npm.cmd' : 'npm', [
    'ls',
    '--json',
    '--long',
    '--all',
    '--omit=dev',
    '--package-lock-only',
    '-w',
    SERVICE,
  ]);
  const listed = JSON.parse(stdout) as Pick<Listed, 'dependencies'>;
  const service = listed.dependencies?.[SERVICE];
  if (!service) throw new Error(`npm does not list ${SERVICE}: ${stderr}`);
  const shipped = new Map<string, ShippedPackage>();
  const visit = (entry: Listed): void => {
    // Optional peers that are not installed are listed without a version.
    const needed = Object.values(entry.dependencies ?? {}).filter(({ version }) => version);
    const known = shipped.get(keyOf(entry));
    // npm lists the dependencies of a package in one of its places only.
    if (known && known.needs.length >= needed.length) return;
    const { name, version, license, integrity } = entry;
    shipped.set(keyOf(entry), {
      name,
      version,
      ...(typeof license === 'string' && { license }),
      ...(integrity !== undefined && { integrity }),
      needs: needed.map(keyOf),
    });
    needed.forEach(visit);
  };
  visit(service);
  return shipped;
}
