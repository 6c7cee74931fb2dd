/** Where `Test.setMock` keeps the mock of HTTP callouts in a session. */
export const MOCK = 'http mock';
