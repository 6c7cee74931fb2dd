import { z } from 'zod';

/** The part of the reader's answer that the service uses. Everything else may change without notice. */
const statusSchema = z.object({
  code: z.string(),
  url: z.string().nullish(),
  explanation: z.string().nullish(),
});
const statusCodesSchema = z.object({
  success: z.array(statusSchema).default([]),
  informational: z.array(statusSchema).default([]),
  failure: z.array(statusSchema).default([]),
});
const resultsSchema = z.object({
  activeManifest: statusCodesSchema.nullish(),
  ingredientDeltas: z
    .array(z.object({ ingredientAssertionURI: z.string(), validationDeltas: statusCodesSchema }))
    .nullish(),
});
const ingredientSchema = z.looseObject({
  title: z.string().nullish(),
  relationship: z.string().nullish(),
  active_manifest: z.string().nullish(),
  label: z.string().nullish(),
  validation_results: resultsSchema.nullish(),
});
const manifestSchema = z.object({
  title: z.string().nullish(),
  claim_generator: z.string().nullish(),
  claim_generator_info: z.array(z.looseObject({ name: z.string().nullish() })).nullish(),
  assertions: z.array(z.object({ label: z.string(), data: z.unknown() })).default([]),
  ingredients: z.array(ingredientSchema).default([]),
  signature_info: z
    .object({
      issuer: z.string().nullish(),
      common_name: z.string().nullish(),
      time: z.string().nullish(),
    })
    .nullish(),
});

export const manifestStoreSchema = z.object({
  active_manifest: z.string().nullish(),
  manifests: z.record(z.string(), manifestSchema).default({}),
  validation_results: resultsSchema.nullish(),
});

/** All Content Credentials of a file: the active manifest, and those of what it was made from. */
export type ManifestStore = z.infer<typeof manifestStoreSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type Ingredient = z.infer<typeof ingredientSchema>;
export type ValidationStatus = z.infer<typeof statusSchema>;
