/** The bill of materials of the detection service (CycloneDX, JSON) on standard output: `npm run --silent sbom > sbom.cdx.json`. */
import { billOfMaterials } from './dependencies/bill-of-materials.js';
import { shippedPackages } from './dependencies/shipped.js';

process.stdout.write(billOfMaterials(await shippedPackages()));
