/** The software bill of materials of the detection service, in CycloneDX 1.6. */
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';

import { STATED } from './policy.js';
import { keyOf, type ShippedPackage } from './shipped.js';

/** @returns the document as JSON text, the same for the same packages */
export function billOfMaterials(shipped: ReadonlyMap<string, ShippedPackage>): string {
  const components = new Map([...shipped].map(([key, entry]) => [key, componentOf(entry)]));
  for (const [key, { needs }] of shipped) {
    for (const needed of needs) {
      const target = components.get(needed);
      if (target) components.get(key)?.dependencies.add(target.bomRef);
    }
  }
  const [service, ...others] = components.values();
  if (!service) throw new Error('Expected the service and its packages but received none.');
  service.type = Enums.ComponentType.Application;
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: service }),
    components: new Models.ComponentRepository(others),
  });
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function componentOf(entry: ShippedPackage): Models.Component {
  const { name, version, integrity } = entry;
  const license = STATED[name] ?? entry.license;
  const [group, short] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return new Models.Component(Enums.ComponentType.Library, short ?? name, {
    ...(group !== undefined && { group }),
    version,
    bomRef: keyOf(entry),
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(integrity !== undefined && {
      hashes: new Models.HashDictionary([
        [
          Enums.HashAlgorithm['SHA-512'],
          Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex'),
        ],
      ]),
    }),
    ...(license !== undefined && {
      licenses: new Models.LicenseRepository([new Models.LicenseExpression(license)]),
    }),
  });
}
