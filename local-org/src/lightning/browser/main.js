import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
import ToastContainer from 'lightning/toastContainer';
import ShellApp from 'shell/app';

ToastContainer.instance();
document.getElementById('shell').append(createElement('shell-app', { is: ShellApp }));
