import { type TObject, type TProperties, type TSchemaOptions, Type } from 'typebox';

/** What the tables of `schema.ts` are made of. */
export const table = <P extends TProperties>(
  description: string,
  properties: P,
  options: TSchemaOptions = {},
): TObject<P> => Type.Object(properties, { description, additionalProperties: false, ...options });

/** A table that may be left out: all of its options have defaults of their own. */
export const section = <P extends TProperties>(description: string, properties: P): TObject<P> =>
  table(description, properties, { default: {} });

export const flag = (value: boolean, description: string) => Type.Boolean({ default: value, description });
export const whole = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: value, minimum, maximum, description });
export const text = (value: string, maxLength: number, description: string) =>
  Type.String({ default: value, maxLength, description });
export const file = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
