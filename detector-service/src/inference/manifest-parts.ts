import { z } from 'zod';

/** What the manifests of all kinds of models have in common. */

export const probability = z.number().min(0).max(1);

/** What every model is. */
export const described = {
  id: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1),
  file: z.string().regex(/^[\w.-]+\.onnx$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  training: z.looseObject({}),
  measured: z.looseObject({}),
  limits: z.array(z.string()),
};

/** Of those that judge: what their answers are worth. */
export const common = {
  ...described,
  /** Probability = sigmoid(logit / temperature + bias). */
  calibration: z.strictObject({ temperature: z.number().positive(), bias: z.number() }),
  thresholds: z
    .strictObject({ suspect: probability, clear: probability })
    .refine(({ suspect, clear }) => clear <= suspect, {
      message: 'thresholds.clear must not be above thresholds.suspect',
    }),
};
