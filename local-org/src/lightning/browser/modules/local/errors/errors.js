/** The messages in whatever a refused request, Apex call or save threw, in the order the org gave them. */
export function errorMessages(error) {
  const body = error?.body ?? error;
  if (Array.isArray(body)) return body.map(({ message }) => message).filter(Boolean);
  const output = body?.output;
  const listed = [
    ...(output?.errors ?? []),
    ...Object.values(output?.fieldErrors ?? {}).flat(),
    ...(body?.pageErrors ?? []),
    ...Object.values(body?.fieldErrors ?? {}).flat(),
  ].map(({ message }) => message);
  if (listed.length > 0) return [...new Set(listed)];
  return [body?.message ?? error?.message ?? 'The request failed for an unknown reason.'];
}
