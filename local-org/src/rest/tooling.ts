/** `tooling`: anonymous Apex, and queries of the classes and triggers that are deployed. */
import type { Router } from 'express';
import { ApiError } from './api-error.js';
import { asUser, queryValue, type RestContext } from './context.js';

export function addToolingRoutes(router: Router, context: RestContext): void {
  const { org } = context;

  router.all('/tooling/executeAnonymous', (request, response) => {
    const body = queryValue(request, 'anonymousBody') ?? bodyText(request.body);
    if (!body) throw new ApiError(400, 'MISSING_ARGUMENT', 'Expected Apex code in anonymousBody.');
    const result = asUser(context, request, response, (tx) => {
      if (!org.rights.userPermissions(tx.userId).includes('AuthorApex')) {
        throw new ApiError(
          403,
          'INSUFFICIENT_ACCESS',
          'Expected a user with the permission Author Apex.',
        );
      }
      const start = tx.savepoint();
      const answer = org.apex.executeAnonymous(tx, body);
      if (!answer.success) tx.rollback(start);
      return answer;
    });
    response.json(result);
  });

  router.get('/tooling/query', (request, response) => {
    const soql = queryValue(request, 'q') ?? '';
    const object = /\bFROM\s+(ApexClass|ApexTrigger)\b/i.exec(soql)?.[1]?.toLowerCase();
    if (!object) {
      throw new ApiError(
        400,
        'INVALID_TYPE',
        'The tooling query of the local org knows ApexClass and ApexTrigger only.',
      );
    }
    const sources = object === 'apexclass' ? org.project.classes : org.project.triggers;
    const records = sources.map(({ name, apiVersion, status, source }) => ({
      attributes: { type: object === 'apexclass' ? 'ApexClass' : 'ApexTrigger' },
      Name: name,
      ApiVersion: Number(apiVersion),
      Status: status,
      LengthWithoutComments: source.length,
    }));
    response.json({ size: records.length, totalSize: records.length, done: true, records });
  });
}

function bodyText(body: unknown): string | undefined {
  const value = (body as { anonymousBody?: unknown } | null | undefined)?.anonymousBody;
  return typeof value === 'string' ? value : undefined;
}
