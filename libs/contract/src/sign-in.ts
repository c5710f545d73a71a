import { z } from 'zod';
import { textSchema } from './text.js';

/** `POST /auth/sign-in/email`. The session comes as a cookie that no script can read. */
export const signInSchema = z.strictObject({
  email: textSchema.min(1).max(254),
  password: textSchema.min(1).max(1_000),
});

export type SignIn = z.infer<typeof signInSchema>;

export const newPasswordCharactersMin = 8;
export const newPasswordCharactersMax = 256;

/** `POST /auth/change-password`: every other session of the person ends. */
export const changePasswordSchema = z.strictObject({
  currentPassword: textSchema.min(1).max(1_000),
  newPassword: textSchema
    .min(newPasswordCharactersMin, `needs at least ${newPasswordCharactersMin} characters`)
    .max(newPasswordCharactersMax, `has at most ${newPasswordCharactersMax} characters`),
});

export type ChangePassword = z.infer<typeof changePasswordSchema>;

/** Somebody who may sign in. */
export const personSchema = z.object({ id: z.string().min(1), email: z.string(), name: z.string() });

export const signedInSchema = z.object({ user: personSchema });
