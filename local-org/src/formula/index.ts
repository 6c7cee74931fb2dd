/** The formula language. */
export { Formula } from './formula.js';
export { OrgFormulas, type OrgFormulaParts } from './org-formulas.js';
export { Globals, type GlobalSources } from './globals.js';
export { RecordFormulas, type RecordFormulaParts, type RecordImages } from './record-formulas.js';
export { FormulaError } from './tokens.js';
export { PicklistText, type FormulaScope, type FormulaValue } from './types.js';
export { fieldToFormula, formulaToField, toFormulaValue } from './field-values.js';
