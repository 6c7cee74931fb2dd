/** `actions/custom`: invocable Apex and autolaunched flows as REST calls. */
import type { Router, Request, Response } from 'express';
import type {
  ApexObjectRef,
  FlowValue,
  InvocableValues,
  InvocableVariable,
  Json,
} from '../org/contracts.js';
import { Decimal, SObjectRecord } from '../values/values.js';
import { ApiError, describeError } from './api-error.js';
import { asUser, parameter, type RestContext } from './context.js';
import { recordFromJson, recordToJson, requireObject, valueToJson } from './record-json.js';

const isRecord = (value: unknown): value is SObjectRecord => value instanceof SObjectRecord;

function isApexObject(value: unknown): value is ApexObjectRef {
  return typeof (value as ApexObjectRef | null)?.apexType === 'string';
}

function flowValueToJson(value: FlowValue): Json {
  if (Array.isArray(value)) return (value as readonly FlowValue[]).map(flowValueToJson);
  if (isRecord(value)) return recordToJson(value);
  if (isApexObject(value)) return { attributes: { type: value.apexType } };
  return valueToJson(value as Parameters<typeof valueToJson>[0], '');
}

function jsonToFlowValue({ org }: RestContext, value: unknown): FlowValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return new Decimal(value);
  if (Array.isArray(value))
    return value.map((entry) => jsonToFlowValue({ org } as RestContext, entry));
  const json = requireObject(value, 'an input');
  const { type } = requireObject(json['attributes'], 'attributes of a record');
  return recordFromJson(org.schema, String(type), json);
}

function inputsOf(context: RestContext, request: Request): InvocableValues[] {
  const { inputs } = requireObject(request.body ?? {}, 'the request');
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new ApiError(400, 'INVALID_INPUT', 'Expected a list "inputs" with at least one entry.');
  }
  return inputs.map((input) => {
    const fields = requireObject(input, 'an input');
    return new Map(
      Object.entries(fields).map(([name, value]) => [name, jsonToFlowValue(context, value)]),
    );
  });
}

function answer(
  context: RestContext,
  request: Request,
  response: Response,
  actionName: string,
  call: (inputs: InvocableValues[]) => readonly InvocableValues[],
): void {
  const inputs = inputsOf(context, request);
  try {
    const outputs = call(inputs);
    response.json(
      outputs.map((values) => ({
        actionName,
        errors: null,
        isSuccess: true,
        outputValues: Object.fromEntries(
          [...values].map(([name, value]) => [name, flowValueToJson(value)]),
        ),
        version: 1,
      })),
    );
  } catch (error) {
    const { status, entries } = describeError(error);
    if (status >= 500 && entries[0]?.errorCode === 'UNKNOWN_EXCEPTION') throw error;
    response.status(400).json(
      inputs.map(() => ({
        actionName,
        errors: entries.map(({ errorCode, message }) => ({
          statusCode: errorCode,
          message,
          fields: [],
        })),
        isSuccess: false,
        outputValues: null,
        version: 1,
      })),
    );
  }
}

const variableToJson = ({ name, type, isRequired }: InvocableVariable): Json => ({
  name,
  type,
  required: isRequired,
});

export function addActionRoutes(router: Router, context: RestContext): void {
  const { org } = context;

  router.get('/actions/custom/apex', (request, response) => {
    response.json({
      actions: org.apex.invocableClasses().map((name) => ({
        name,
        label: org.services.apex.describeInvocable(name)?.label ?? name,
        type: 'APEX',
        url: `${request.baseUrl}${request.path}/${name}`,
      })),
    });
  });

  router.get('/actions/custom/apex/:name', (request, response) => {
    const name = parameter(request, 'name');
    const described = org.services.apex.describeInvocable(name);
    if (!described) throw unknownAction(name);
    response.json({
      name,
      label: described.label,
      type: 'APEX',
      inputs: described.inputs.map(variableToJson),
      outputs: described.outputs.map(variableToJson),
    });
  });

  router.post('/actions/custom/apex/:name', (request, response) => {
    const name = parameter(request, 'name');
    if (!org.services.apex.describeInvocable(name)) throw unknownAction(name);
    answer(context, request, response, name, (inputs) =>
      asUser(context, request, response, (tx) => tx.org.apex.callInvocable(tx, name, inputs)),
    );
  });

  router.post('/actions/custom/flow/:name', (request, response) => {
    const name = parameter(request, 'name');
    answer(context, request, response, name, (inputs) =>
      asUser(context, request, response, (tx) => tx.org.flows.launch(tx, name, inputs)),
    );
  });
}

const unknownAction = (name: string): ApiError =>
  new ApiError(404, 'NOT_FOUND', `There is no invocable action ${name} in this org.`);
