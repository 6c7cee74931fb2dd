import { reduceErrors } from 'c/mediaErrors';

describe('c-media-errors', () => {
  it.each([
    ['nothing', undefined, []],
    ['a sentence', 'It failed.', ['It failed.']],
    ['a JavaScript error', new Error('Broken.'), ['Broken.']],
    ['an Apex error', { body: { message: 'Refused.' } }, ['Refused.']],
    [
      'a list of UI API errors',
      { body: [{ message: 'One.' }, { message: 'Two.' }] },
      ['One.', 'Two.'],
    ],
    [
      'a save error with field errors',
      {
        body: {
          output: {
            errors: [{ message: 'Held.' }],
            fieldErrors: { StageName: [{ message: 'Guarded.' }] },
          },
        },
      },
      ['Held.', 'Guarded.'],
    ],
    [
      'page errors of Apex DML',
      { body: { pageErrors: [{ message: 'Row refused.' }], fieldErrors: {} } },
      ['Row refused.'],
    ],
    ['a network error', { statusText: 'Gateway Timeout' }, ['Gateway Timeout']],
    ['the same message twice', [new Error('Twice.'), new Error('Twice.')], ['Twice.']],
  ])('reduces %s', (_name, error, expected) => {
    expect(reduceErrors(error)).toEqual(expected);
  });
});
