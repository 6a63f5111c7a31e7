// Refuses a Node that is older than package.json's "engines" says, in a syntax that it can read.
const { engines, optionalDependencies } = require('../package.json');
const wanted = engines.node.replace('>=', '');

function number(version) {
  return version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
}

if (number(process.versions.node) < number(wanted)) {
  const own = 'node-' + process.platform.replace('win32', 'win') + '-' + process.arch;
  console.error('This needs Node ' + wanted + ' or newer; ' + process.execPath + ' is ' + process.version + '.');
  console.error(
    own in optionalDependencies
      ? 'The package ' + own + ' is missing in node_modules. Remove that folder; make then installs it again.'
      : 'npm has no Node for this machine. Install Node 24: https://nodejs.org',
  );
  process.exit(1);
}
