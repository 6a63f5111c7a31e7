export function SignIn({ refusal }: { refusal?: string }) {
  return (
    <main>
      <h1>Dice Roller</h1>
      <form action="/api/sign-in" method="post">
        <p>You are signed out. Sign in with any name to roll dice.</p>
        <div className="row">
          <label htmlFor="name">Name</label>
          <input id="name" name="name" required maxLength={64} />
          <button>Sign in</button>
        </div>
        {refusal && <p role="alert">{refusal}</p>}
      </form>
    </main>
  );
}

export function SignOut({ user }: { user: string }) {
  return (
    <form action="/api/sign-out" method="post" className="row">
      <span id="user">{`Signed in as ${user}`}</span>
      <button>Sign out</button>
    </form>
  );
}
