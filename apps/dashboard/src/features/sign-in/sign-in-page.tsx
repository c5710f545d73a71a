import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem } from '../../api/api-problem.js';
import { signIn } from '../../api/session.js';
import { FullPage } from '../../ui/full-page.js';
import { Logo } from '../../ui/logo.js';
import { Notice } from '../../ui/notice.js';
import classes from './sign-in-page.module.css';

/** Email and password; the server alone knows whether they are right. */
export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const first = useRef<HTMLInputElement>(null);
  const attempt = useMutation({
    mutationFn: () => signIn(email, password),
    onSuccess: onSignedIn,
    meta: { isSignIn: true },
  });
  useEffect(() => {
    document.title = 'Sign in · Tollbook';
  }, []);
  return (
    <FullPage>
      <div className={classes.box}>
        <Logo />
        <h1>Sign in</h1>
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            attempt.mutate(undefined, { onError: () => first.current?.focus() });
          }}
        >
          {attempt.error ? (
            <div role="alert">
              <Notice tone="bad">{wordsFor(attempt.error)}</Notice>
            </div>
          ) : null}
          <TextInput
            ref={first}
            label="Email"
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={attempt.isPending} fullWidth mt={4}>
            Sign in
          </Button>
        </form>
        <p className={classes.hint}>
          Tollbook prints the owner's email and password once, when it starts for the first time.
        </p>
      </div>
    </FullPage>
  );
}

function wordsFor(error: Error): string {
  if (!(error instanceof ApiProblem)) return error.message;
  if (error.status === 401) return 'Email and password do not fit together.';
  if (error.status === 429) return 'Too many tries. Wait a minute, then try again.';
  return error.message;
}
