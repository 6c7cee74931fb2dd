/** Actions: Apex for all waiting interviews in one call, e-mail and custom notifications for each. */
import { UnsupportedError, type FlowValue, type InvocableValues } from '../org/contracts.js';
import type { Interview } from './interview.js';
import type { ActionElement } from './model.js';
import { isApexObject, isList, showInText } from './values.js';

type Inputs = ReadonlyMap<string, FlowValue>;

/** Returns the failure of each interview that failed. */
export function runAction(
  interviews: readonly Interview[],
  element: ActionElement,
): ReadonlyMap<Interview, unknown> {
  switch (element.actionType) {
    case 'apex':
      return runApex(interviews, element);
    case 'emailSimple':
      return runEach(interviews, element, sendEmail);
    case 'customNotificationAction':
      return runEach(interviews, element, notify);
    default:
      throw new UnsupportedError(
        `The flow action ${element.actionType} ${element.actionName}`,
        element.place,
      );
  }
}

function inputsOf(interview: Interview, element: ActionElement): Inputs {
  return new Map(
    element.inputs.map(({ name, value }) => [name.toLowerCase(), interview.operand(value)]),
  );
}

function runApex(
  interviews: readonly Interview[],
  element: ActionElement,
): ReadonlyMap<Interview, unknown> {
  const { tx } = interviews[0]!;
  const description = tx.org.apex.describeInvocable(element.actionName);
  if (!description) {
    throw new UnsupportedError(
      `The Apex action ${element.actionName}, which has no invocable method`,
      element.place,
    );
  }
  const known = new Map(description.inputs.map(({ name }) => [name.toLowerCase(), name]));
  const inputs = interviews.map(
    (interview) =>
      new Map(
        element.inputs.map(({ name, value, place }) => {
          const declared = known.get(name.toLowerCase());
          if (declared === undefined) {
            throw new UnsupportedError(`The input ${name} of ${element.actionName}`, place);
          }
          return [declared, interview.operand(value)] as const;
        }),
      ),
  );
  const outputs = tx.org.apex.callInvocable(tx, element.actionName, inputs);
  interviews.forEach((interview, index) =>
    deliver(interview, element, outputs[index] ?? new Map()),
  );
  return new Map();
}

function deliver(interview: Interview, element: ActionElement, outputs: InvocableValues): void {
  for (const { name, target, place } of element.outputs) {
    const found = [...outputs].find(([key]) => key.toLowerCase() === name.toLowerCase());
    interview.write(target, found?.[1] ?? null, place);
  }
  interview.setOutput(element.name, new ActionOutputs(element.actionName, outputs));
}

/** What an action gave, for `{!Action.name}`. */
class ActionOutputs {
  constructor(
    readonly apexType: string,
    private readonly values: InvocableValues,
  ) {}

  get(member: string): FlowValue {
    for (const [name, value] of this.values) {
      if (name.toLowerCase() === member.toLowerCase()) return value;
    }
    throw new Error(`${this.apexType} has no output ${member}`);
  }

  set(): never {
    throw new Error(`the outputs of ${this.apexType} cannot be set`);
  }
}

function runEach(
  interviews: readonly Interview[],
  element: ActionElement,
  run: (interview: Interview, inputs: Inputs, element: ActionElement) => void,
): ReadonlyMap<Interview, unknown> {
  const failures = new Map<Interview, unknown>();
  for (const interview of interviews) {
    try {
      run(interview, inputsOf(interview, element), element);
    } catch (error) {
      failures.set(interview, error);
    }
  }
  return failures;
}

function text(inputs: Inputs, name: string): string | undefined {
  const value = inputs.get(name.toLowerCase());
  return value === undefined || value === null ? undefined : showInText(value);
}

function texts(inputs: Inputs, name: string): string[] {
  const value = inputs.get(name.toLowerCase()) ?? null;
  if (value === null) return [];
  if (isList(value)) return value.map(showInText);
  if (isApexObject(value)) throw new Error(`${name} needs text, got ${value.apexType}`);
  return [showInText(value)];
}

const addresses = (inputs: Inputs, list: string, collection: string): string[] => [
  ...texts(inputs, list)
    .flatMap((each) => each.split(/[,;]/))
    .map((each) => each.trim())
    .filter((each) => each !== ''),
  ...texts(inputs, collection),
];

const EMAIL_INPUTS: ReadonlySet<string> = new Set(
  [
    'emailAddresses',
    'emailAddressesArray',
    'ccRecipientAddressList',
    'bccRecipientAddressList',
    'emailSubject',
    'emailBody',
    'sendRichBody',
    'useLineBreaks',
    'emailTemplateId',
    'recipientId',
    'relatedRecordId',
    'senderType',
    'senderAddress',
    'logEmailOnSend',
    'addThreadingTokenToBody',
    'addThreadingTokenToSubject',
  ].map((name) => name.toLowerCase()),
);

function sendEmail(interview: Interview, inputs: Inputs, element: ActionElement): void {
  for (const name of inputs.keys()) {
    if (!EMAIL_INPUTS.has(name)) {
      throw new UnsupportedError(`The input ${name} of the e-mail action`, element.place);
    }
  }
  const { tx } = interview;
  const body = text(inputs, 'emailBody');
  const isRich = inputs.get('sendrichbody') === true;
  tx.org.mailbox.send(tx, [
    {
      to: addresses(inputs, 'emailAddresses', 'emailAddressesArray'),
      cc: addresses(inputs, 'ccRecipientAddressList', ''),
      bcc: addresses(inputs, 'bccRecipientAddressList', ''),
      subject: text(inputs, 'emailSubject'),
      templateId: text(inputs, 'emailTemplateId'),
      targetObjectId: text(inputs, 'recipientId'),
      whatId: text(inputs, 'relatedRecordId'),
      ...(isRich ? { htmlBody: body } : { plainTextBody: body }),
    },
  ]);
}

function notify(interview: Interview, inputs: Inputs): void {
  const { tx } = interview;
  tx.org.notifications.send(
    tx,
    {
      type: text(inputs, 'customNotifTypeId') ?? '',
      title: text(inputs, 'title') ?? '',
      body: text(inputs, 'body') ?? '',
      targetId: text(inputs, 'targetId'),
      targetPageRef: text(inputs, 'targetPageRef'),
      senderId: text(inputs, 'senderId'),
    },
    texts(inputs, 'recipientIds'),
  );
}
