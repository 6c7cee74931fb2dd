import { AuthInfo, Connection } from '@salesforce/core';

const ANSWER = 'answer:';

/** Session of a user in the local org, through the client that Salesforce's own tools use. */
export async function connect(
  orgUrl: string,
  username: string,
  password: string,
): Promise<Connection> {
  const response = await fetch(`${orgUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: 'mediaguard',
      username,
      password,
    }),
  });
  if (!response.ok) {
    throw new Error(`${username} could not log in to ${orgUrl}: ${await response.text()}`);
  }
  const { access_token: accessToken } = (await response.json()) as { access_token: string };
  const authInfo = await AuthInfo.create({
    username: accessToken,
    accessTokenOptions: { accessToken, instanceUrl: orgUrl, loginUrl: orgUrl },
  });
  return Connection.create({ authInfo, connectionOptions: { version: '65.0' } });
}

/** Runs anonymous Apex; fails with the compiler's or the run's own message. */
export async function runApex(connection: Connection, source: string): Promise<void> {
  const result = await connection.tooling.executeAnonymous(source);
  if (!result.compiled) throw new Error(`Apex line ${result.line}: ${result.compileProblem}`);
  if (!result.success) throw new Error(`${result.exceptionMessage}\n${result.exceptionStackTrace}`);
}

/** The value of an Apex expression, by way of JSON: an exception is all that anonymous Apex can answer with. */
export async function evaluateApex<T>(connection: Connection, expression: string): Promise<T> {
  const result = await connection.tooling.executeAnonymous(
    `throw new IllegalArgumentException('${ANSWER}' + JSON.serialize(${expression}));`,
  );
  const message = result.exceptionMessage ?? result.compileProblem ?? '';
  const at = message.indexOf(ANSWER);
  if (at < 0) throw new Error(`${expression}: ${message}`);
  return JSON.parse(message.slice(at + ANSWER.length)) as T;
}

interface Saved {
  readonly id?: string;
  readonly success: boolean;
  readonly errors: readonly unknown[];
}

/** Creates a record, or gives the id of the one that has the same value in the key field. */
export async function ensureRecord(
  connection: Connection,
  object: string,
  keyField: string,
  fields: Readonly<Record<string, string | number | boolean | null>>,
): Promise<string> {
  const key = String(fields[keyField]).replace(/'/g, "\\'");
  const found = await connection.query<{ Id: string }>(
    `SELECT Id FROM ${object} WHERE ${keyField} = '${key}' LIMIT 1`,
  );
  const existing = found.records[0]?.Id;
  if (existing) return existing;
  const saved = (await connection.sobject(object).create({ ...fields })) as Saved;
  if (!saved.success || !saved.id) {
    throw new Error(`${object} ${key} was not created: ${JSON.stringify(saved.errors)}`);
  }
  return saved.id;
}
