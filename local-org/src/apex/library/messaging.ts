/** `Messaging`: e-mail and custom notifications. */
import { PlatformError, type EmailDraft } from '../../org/contracts.js';
import { throwApex } from '../run/exceptions.js';
import type { Session } from '../run/session.js';
import { ApexType, STRING } from '../types/type.js';
import { ApexList, NativeObject, PropertyBag, type Value } from '../values/reference.js';
import { asItems, asText, instance, narrow, type Call } from './call.js';
import { libraryEnumOrNull } from './enums.js';
import { defineType } from './registry.js';

class SingleEmail extends PropertyBag {
  constructor() {
    super('Messaging.SingleEmailMessage');
  }

  text(name: string): string | null {
    const value = this.get(name);
    return typeof value === 'string' ? value : null;
  }

  texts(name: string): string[] {
    const value = this.get(name);
    return value === null ? [] : asItems(value).map(asText);
  }
}

const EMAIL_PROPERTIES = [
  'List<String> toAddresses',
  'List<String> ccAddresses',
  'List<String> bccAddresses',
  'String subject',
  'String plainTextBody',
  'String htmlBody',
  'String replyTo',
  'String senderDisplayName',
  'String charset',
  'Id targetObjectId',
  'Id whatId',
  'Id templateId',
  'Id orgWideEmailAddressId',
  'Boolean saveAsActivity',
  'Boolean useSignature',
  'Boolean bccSender',
  'Boolean treatTargetObjectAsRecipient',
];

function emailMembers(): Pick<
  Parameters<typeof defineType<SingleEmail>>[0],
  'methods' | 'properties'
> {
  const methods: Record<string, (self: SingleEmail, c: Call) => Value> = {};
  const properties: Record<
    string,
    { get: (self: SingleEmail) => Value; set: (self: SingleEmail, value: Value) => void }
  > = {};
  for (const declaration of EMAIL_PROPERTIES) {
    const [type = '', name = ''] = [
      declaration.slice(0, declaration.lastIndexOf(' ')),
      declaration.slice(declaration.lastIndexOf(' ') + 1),
    ];
    const title = name[0]?.toUpperCase() + name.slice(1);
    methods[`void set${title}(${type} value)`] = (self, c) => {
      self.set(name, c.value(0));
      return null;
    };
    methods[`${type} get${title}()`] = (self) => self.get(name);
    properties[declaration] = {
      get: (self) => self.get(name),
      set: (self, value) => self.set(name, value),
    };
  }
  return { methods, properties };
}

defineType<SingleEmail>({
  name: 'Messaging.SingleEmailMessage',
  self: instance(SingleEmail, 'Messaging.SingleEmailMessage'),
  constructors: { '()': () => new SingleEmail() },
  ...emailMembers(),
});
defineType({ name: 'Messaging.Email' });

function draft(email: SingleEmail): EmailDraft {
  const optional = (key: keyof EmailDraft, name: string): object => {
    const text = email.text(name);
    return text === null ? {} : { [key]: text };
  };
  return {
    to: email.texts('toAddresses'),
    cc: email.texts('ccAddresses'),
    bcc: email.texts('bccAddresses'),
    ...optional('subject', 'subject'),
    ...optional('plainTextBody', 'plainTextBody'),
    ...optional('htmlBody', 'htmlBody'),
    ...optional('replyTo', 'replyTo'),
    ...optional('senderName', 'senderDisplayName'),
    ...optional('targetObjectId', 'targetObjectId'),
    ...optional('whatId', 'whatId'),
    ...optional('templateId', 'templateId'),
    saveAsActivity: email.get('saveAsActivity') !== false,
  };
}

class SendResult extends NativeObject {
  constructor(readonly error: SendError | null) {
    super('Messaging.SendEmailResult');
  }
}

class SendError extends NativeObject {
  constructor(
    readonly failure: PlatformError,
    readonly targetObjectId: string | null,
  ) {
    super('Messaging.SendEmailError');
  }
}

defineType<SendError>({
  name: 'Messaging.SendEmailError',
  self: instance(SendError, 'Messaging.SendEmailError'),
  methods: {
    'String getMessage()': (self) => self.failure.message,
    'StatusCode getStatusCode()': (self) =>
      libraryEnumOrNull('StatusCode', self.failure.statusCode),
    'List<String> getFields()': (self) => new ApexList(STRING, [...self.failure.fields]),
    'String getTargetObjectId()': (self) => self.targetObjectId,
  },
});

defineType<SendResult>({
  name: 'Messaging.SendEmailResult',
  self: instance(SendResult, 'Messaging.SendEmailResult'),
  methods: {
    'Boolean isSuccess()': (self) => self.error === null,
    'List<Messaging.SendEmailError> getErrors()': (self) =>
      new ApexList(
        new ApexType('Messaging.SendEmailError', 'library'),
        self.error ? [self.error] : [],
      ),
  },
});

/** One message at a time, so that with `allOrNone` false each has its own result. */
function send(c: Call): Value {
  const emails = c
    .items(0)
    .map((item) => narrow(item, SingleEmail, 'Messaging.SingleEmailMessage'));
  const allOrNone = !c.has(1) || c.boolean(1);
  const { tx } = c.session;
  const results = emails.map((email, index) => {
    try {
      tx.org.mailbox.send(tx, [draft(email)], index === 0);
      return new SendResult(null);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.exceptionType === 'LimitException')
        throw error;
      if (allOrNone)
        throwApex(
          'EmailException',
          `SendEmail failed. First exception on row 0; first error: ${error.statusCode}, ${error.message}: []`,
        );
      return new SendResult(new SendError(error, email.text('targetObjectId')));
    }
  });
  return new ApexList(new ApexType('Messaging.SendEmailResult', 'library'), results);
}

class Notification extends PropertyBag {
  constructor() {
    super('Messaging.CustomNotification');
  }
}

function notify(session: Session, self: Notification, recipients: readonly string[]): void {
  const text = (name: string): string | undefined => {
    const value = self.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const [type, title, body] = [text('notificationTypeId'), text('title'), text('body')];
  if (!type || !title || !body)
    throwApex('HandledException', 'Missing required field(s): notification type, title, body');
  const [targetId, targetPageRef, senderId] = [
    text('targetId'),
    text('targetPageRef'),
    text('senderId'),
  ];
  const target = {
    ...(targetId ? { targetId } : {}),
    ...(targetPageRef ? { targetPageRef } : {}),
    ...(senderId ? { senderId } : {}),
  };
  session.tx.org.notifications.send(session.tx, { type, title, body, ...target }, recipients);
}

const setter =
  (name: string) =>
  (self: Notification, c: Call): Value => {
    self.set(name, c.value(0));
    return null;
  };

defineType<Notification>({
  name: 'Messaging.CustomNotification',
  self: instance(Notification, 'Messaging.CustomNotification'),
  constructors: { '()': () => new Notification() },
  methods: {
    'void setNotificationTypeId(Id id)': setter('notificationTypeId'),
    'void setTitle(String title)': setter('title'),
    'void setBody(String body)': setter('body'),
    'void setTargetId(Id id)': setter('targetId'),
    'void setTargetPageRef(String ref)': setter('targetPageRef'),
    'void setSenderId(Id id)': setter('senderId'),
    'void send(Set<String> users)': (self, c) => {
      notify(c.session, self, c.texts(0));
      return null;
    },
  },
});

defineType({
  name: 'Messaging',
  statics: {
    'List<Messaging.SendEmailResult> sendEmail(Object emails, Boolean allOrNone?)': send,
    'Messaging.SingleEmailMessage renderStoredEmailTemplate(Id templateId, Id whoId, Id whatId, Object option?, Boolean updateUsage?)':
      (c) => {
        const { ports, tx } = c.session;
        const rendered = ports.renderTemplate(tx, c.text(0), c.textOrNull(1), c.textOrNull(2));
        const email = new SingleEmail();
        for (const [name, value] of Object.entries(rendered)) email.set(name, value);
        email.set('templateId', c.value(0));
        return email;
      },
  },
});
