/** `record.Field__c.addError('…')`: the error belongs to the field, not to its value. */
import type { DotExpressionContext } from '@apexdevtools/apex-parser';
import { throwNullPointer } from '../run/exceptions.js';
import { addRecordError } from '../run/record-errors.js';
import { recordMember } from '../run/records.js';
import { VOID } from '../types/type.js';
import { SObjectRecord } from '../../values/values.js';
import { toText } from '../values/text.js';
import type { Argument } from './dynamic-call.js';
import type { CodeContext, TypedExpr } from './context.js';
import { compileOperand } from './operands.js';

/** Null when the receiver is no field of a record. */
export function compileFieldError(
  cx: CodeContext,
  field: DotExpressionContext,
  args: () => Argument[],
): TypedExpr | null {
  const owner = compileOperand(cx, field.expression());
  if (owner.kind !== 'value' || owner.expr.type.kind !== 'sobject') return null;
  const member = recordMember(cx.unit.schema, owner.expr.type.name, field.anyId().getText());
  if (member?.kind !== 'field') return null;
  const record = owner.expr.run;
  const message = args()[0];
  if (!message) return null;
  return {
    type: VOID,
    run: (f) => {
      const target = record(f);
      if (!(target instanceof SObjectRecord)) throwNullPointer();
      addRecordError(target, toText(message.run(f)), [member.name]);
      return null;
    },
  };
}
