/** SOAP `login`, which older clients (jsforce) use to get a session for the REST API. */
import express, { Router } from 'express';
import { XMLParser } from 'fast-xml-parser';
import type { RestContext } from './context.js';
import type { OrgUser } from '../org/local-org.js';

const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, processEntities: true });

const escapeXml = (text: string): string =>
  text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);

function credentials(xml: string): { username: string; password: string } | null {
  try {
    const envelope = parser.parse(xml) as {
      Envelope?: { Body?: { login?: { username?: string; password?: string } } };
    };
    const login = envelope.Envelope?.Body?.login;
    return login ? { username: login.username ?? '', password: login.password ?? '' } : null;
  } catch {
    return null;
  }
}

const envelope = (body: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope ' +
  'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" ' +
  `xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

const fault = (code: string, message: string): string =>
  envelope(
    `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${code}: ${escapeXml(message)}</faultstring>` +
      `<detail><sf:LoginFault><sf:exceptionCode>${code}</sf:exceptionCode>` +
      `<sf:exceptionMessage>${escapeXml(message)}</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault>`,
  );

export function soapLoginRoutes(context: RestContext): Router {
  const { org, sessions } = context;
  const router = Router();
  router.post(
    '/services/Soap/u/:version',
    express.text({ type: () => true }),
    (request, response) => {
      response.type('text/xml');
      const login = credentials(String(request.body));
      if (!login) {
        response
          .status(500)
          .send(fault('UNKNOWN_EXCEPTION', 'Only the login call is available here.'));
        return;
      }
      const user = org.users.authenticate(login.username, login.password);
      if (!user) {
        response
          .status(500)
          .send(
            fault(
              'INVALID_LOGIN',
              'Invalid username, password, security token; or user locked out.',
            ),
          );
        return;
      }
      const { token } = sessions.open(user.id, 'api');
      const server = `${context.baseUrl(request)}${request.path}/${org.organization.id.slice(0, 15)}`;
      response.send(envelope(loginResult(context, user, token, server)));
    },
  );
  return router;
}

function loginResult({ org }: RestContext, user: OrgUser, token: string, server: string): string {
  const element = (name: string, value: string): string => `<${name}>${escapeXml(value)}</${name}>`;
  const userInfo = [
    element('organizationId', org.organization.id),
    element('organizationName', org.organization.name),
    element('userEmail', user.email),
    element('userFullName', user.name),
    element('userId', user.id),
    element('userName', user.username),
    element('userTimeZone', user.timeZone),
    element('userType', 'Standard'),
  ].join('');
  return (
    '<loginResponse><result>' +
    element('metadataServerUrl', server) +
    element('passwordExpired', 'false') +
    element('sandbox', 'false') +
    element('serverUrl', server) +
    element('sessionId', token) +
    element('userId', user.id) +
    `<userInfo>${userInfo}</userInfo></result></loginResponse>`
  );
}
