import { generateKeyPairSync, sign } from 'node:crypto';
import { evaluate, run } from '../support/fakes.js';

describe('library', () => {
  it.each([
    ["'a,b,,'.split(',').size()", '2'],
    ["'Hello World'.abbreviate(8)", 'Hello...'],
    ["String.format('{0} is {1}', new List<Object>{ 'x', 1 })", 'x is 1'],
    ["String.join(new List<Integer>{ 1, 2 }, '-')", '1-2'],
    ["'ab12'.replaceAll('([a-z])(\\\\d)', '$2$1')", 'a1b2'],
    ["String.escapeSingleQuotes('O\\'Brien')", "O\\'Brien"],
    ['String.isBlank(null)', 'true'],
    ['(1.005).setScale(2)', '1.00'],
    ['(2.5).setScale(0, System.RoundingMode.HALF_UP)', '3'],
    ['Math.round(2.5)', '2'],
    ["Integer.valueOf('42') + 1", '43'],
    ["Decimal.valueOf('1.10')", '1.10'],
    ['Date.newInstance(2024, 1, 31).addMonths(1)', '2024-02-29'],
    [
      "Datetime.newInstanceGmt(2026, 7, 1, 10, 0, 0).format('yyyy-MM-dd HH:mm z')",
      '2026-07-01 12:00 Europe/Berlin',
    ],
    [
      "Datetime.newInstanceGmt(2026, 7, 1, 10, 0, 0).formatGmt('EEE, d MMM yyyy')",
      'Wed, 1 Jul 2026',
    ],
    ["JSON.serialize(new Map<String, Object>{ 'a' => 1.50, 'b' => null })", '{"a":1.50,"b":null}'],
    [
      `((Map<String, Object>) JSON.deserializeUntyped('{"n":12345678901,"d":1.5}')).get('n')`,
      '12345678901',
    ],
    [`((List<Integer>) JSON.deserialize('[1,2]', List<Integer>.class)).size()`, '2'],
    ["EncodingUtil.base64Encode(Blob.valueOf('hi'))", 'aGk='],
    ["EncodingUtil.urlEncode('a b&c', 'UTF-8')", 'a+b%26c'],
    [
      "EncodingUtil.convertToHex(Crypto.generateDigest('SHA-256', Blob.valueOf('abc')))",
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    ],
    ["Pattern.compile('(\\\\w)(\\\\d)').matcher('a1').matches()", 'true'],
    ["Type.forName('String').getName()", 'String'],
    ['UserInfo.getName()', 'Ada Byron'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(expected);
  });

  it('verifies an ECDSA signature made elsewhere and refuses another text', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signature = sign('sha256', Buffer.from('text'), privateKey).toString('base64');
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const verify = (text: string) =>
      `Crypto.verify('ECDSA-SHA256', Blob.valueOf('${text}'), EncodingUtil.base64Decode('${signature}'), EncodingUtil.base64Decode('${spki}'))`;
    expect(evaluate(verify('text'))).toBe('true');
    expect(evaluate(verify('other'))).toBe('false');
  });

  it('decrypts what it encrypted', () => {
    expect(
      run(`
        Blob key = Crypto.generateAesKey(256);
        Blob secret = Crypto.encryptWithManagedIV('AES256', key, Blob.valueOf('text'));
        System.debug(Crypto.decryptWithManagedIV('AES256', key, secret).toString());`),
    ).toEqual(['text']);
  });

  it('reads JSON into classes and refuses unknown members when strict', () => {
    const cls =
      'public class Dto { public String name; public List<Dto> children; public Decimal score; }';
    const json = `'{"name":"a","score":0.5,"children":[{"name":"b"}],"extra":1}'`;
    expect(
      run(
        `Dto d = (Dto) JSON.deserialize(${json}, Dto.class); System.debug(d.children[0].name + d.score);`,
        cls,
      ),
    ).toEqual(['b0.5']);
    expect(() => run(`JSON.deserializeStrict(${json}, Dto.class);`, cls)).toThrow(
      'JSONException: Unknown field: Dto.extra',
    );
    expect(() => run(`JSON.deserializeUntyped('{"a":}');`)).toThrow('Unexpected character');
  });

  it('fails an assertion with its message', () => {
    expect(() => run("Assert.areEqual(1, 2, 'counts');")).toThrow(
      'System.AssertException: Assertion Failed: counts: Expected: 1, Actual: 2',
    );
  });

  it('refuses SOSL when the code is compiled', () => {
    expect(() => evaluate("[FIND 'x' IN ALL FIELDS RETURNING Account(Id)]")).toThrow(
      'is not supported by the local org',
    );
    expect(() => evaluate("Search.query('FIND {x}')")).toThrow(/compile error/);
  });

  it.each(['UserInfo.getSessionId()', 'UserInfo.getDefaultCurrency()', 'Limits.getHeapSize()'])(
    'refuses %s, of which it knows nothing',
    (call) => {
      expect(() => evaluate(call)).toThrow(`${call} is not supported by the local org`);
    },
  );

  const CALL = `HttpRequest r = new HttpRequest(); r.setEndpoint('https://example.com'); new Http().send(r);`;

  it('lets a callout wait for an open savepoint, and only for an open one', () => {
    expect(() => run(`Database.setSavepoint(); ${CALL}`)).toThrow('You have uncommitted work');
    expect(() =>
      run(`Savepoint s = Database.setSavepoint(); Database.releaseSavepoint(s); ${CALL}`),
    ).toThrow('do not support Web service callouts');
  });

  it('ends later savepoints with an earlier one', () => {
    expect(() =>
      run(`Savepoint a = Database.setSavepoint(); Savepoint b = Database.setSavepoint();
        Database.rollback(a); Database.rollback(b);`),
    ).toThrow('Expected a savepoint that is still open');
  });

  it('names the address under which the org is reached', () => {
    expect(evaluate('Url.getOrgDomainUrl().toExternalForm()')).toBe(
      'https://example.my.salesforce.com',
    );
  });
});
