/**
 * The streaming client of Salesforce's own tools, as a process of its own: `streaming-client.mjs <org address> <channel>`
 * with the session in ACCESS_TOKEN. Prints `subscribed`, then the payload of the first event, and ends.
 */
import { AuthInfo, Connection, Org, StreamingClient } from '@salesforce/core';

const [instanceUrl, channel] = process.argv.slice(2);
const accessToken = process.env.ACCESS_TOKEN;
const authInfo = await AuthInfo.create({
  username: accessToken,
  accessTokenOptions: { accessToken, instanceUrl, loginUrl: instanceUrl },
});
const connection = await Connection.create({ authInfo, connectionOptions: { version: '65.0' } });
const org = await Org.create({ connection });

const client = await StreamingClient.create(
  new StreamingClient.DefaultOptions(org, channel, ({ payload }) => {
    process.stdout.write(`${JSON.stringify(payload)}\n`);
    return { completed: true };
  }),
);
await client.handshake();
await client.subscribe(() => process.stdout.write('subscribed\n'));
process.exit(0);
