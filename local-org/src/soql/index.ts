/** SOQL over the rows of the org. */
export { SoqlCompiler } from './compiler.js';
export { CompiledQuery, type QueryEnvironment } from './plan.js';
export { localDay, startOfDay, toLocalMs } from './time-zone.js';
