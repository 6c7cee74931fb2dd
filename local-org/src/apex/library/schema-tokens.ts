/** Tokens and describe results of objects and fields. */
import { NativeObject } from '../values/reference.js';

/** `Account.SObjectType`. */
export class ObjectToken extends NativeObject {
  readonly identity: string;
  readonly text: string;

  constructor(readonly object: string) {
    super('SObjectType');
    this.identity = `object:${object.toLowerCase()}`;
    this.text = object;
  }
}

/** `Account.Name`, a field as a value. */
export class FieldToken extends NativeObject {
  readonly identity: string;
  readonly text: string;

  constructor(
    readonly object: string,
    readonly field: string,
  ) {
    super('SObjectField');
    this.identity = `field:${object}.${field}`.toLowerCase();
    this.text = field;
  }
}

export class ObjectDescribeValue extends NativeObject {
  readonly identity: string;

  constructor(readonly object: string) {
    super('DescribeSObjectResult');
    this.identity = `describe:${object.toLowerCase()}`;
  }
}

export class FieldDescribeValue extends NativeObject {
  readonly identity: string;

  constructor(
    readonly object: string,
    readonly field: string,
  ) {
    super('DescribeFieldResult');
    this.identity = `describe:${object}.${field}`.toLowerCase();
  }
}

export const objectToken = (object: string): ObjectToken => new ObjectToken(object);
export const fieldToken = (object: string, field: string): FieldToken =>
  new FieldToken(object, field);
export const objectDescribe = (object: string): ObjectDescribeValue =>
  new ObjectDescribeValue(object);
