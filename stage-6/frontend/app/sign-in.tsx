import { SessionForm } from './session-form.tsx';

export function SignIn() {
  return (
    <main>
      <h1>Dice Roller</h1>
      <SessionForm action="/api/sign-in" button="Sign in">
        <label htmlFor="name">Name</label>
        <input id="name" name="name" required maxLength={64} />
      </SessionForm>
    </main>
  );
}
